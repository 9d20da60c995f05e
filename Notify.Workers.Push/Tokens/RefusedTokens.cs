using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Tokens;

/// <summary>
/// The tokens of one app that were taken and refused lately. Once too many are refused, that stands until one of those is taken again: the
/// calls that try it are too few to prove it anew in every window.
/// </summary>
internal sealed class RefusedTokens(TokenOptions options, TimeProvider time)
{
    /// <summary>More are not remembered one by one.</summary>
    private const int Most = 20_000;

    /// <summary>Where nothing has been mended for so long, the tokens are judged anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly HashSet<long> _held = [];
    private readonly WindowCount _taken = new(Most, countsMore: true);
    private readonly WindowCount _setting = new(Most);
    private readonly WindowCount _project = new(Most);
    private DateTimeOffset _turn = time.GetUtcNow();
    private DateTimeOffset? _doubtedSince;

    public bool IsHeld(string token)
    {
        lock (_lock)
            return _held.Count > 0 && _held.Contains(TokenSet.HashOf(token));
    }

    public void Taken(string token)
    {
        var hash = TokenSet.HashOf(token);
        lock (_lock)
        {
            Turn();
            if (_doubtedSince is not null && _held.Contains(hash))
            {
                _doubtedSince = null; // what was wrong is mended
                Forget();
            }
            _taken.Add(hash);
            _setting.Remove(hash);
            _project.Remove(hash);
        }
    }

    /// <summary>Whether the refusal is to be doubted, and the token kept.</summary>
    public bool Refused(string token, TokenDoubt doubt)
    {
        var hash = TokenSet.HashOf(token);
        lock (_lock)
        {
            Turn();
            (doubt == TokenDoubt.Setting ? _setting : _project).Add(hash);
            if (_doubtedSince is null)
            {
                if (!TooMany())
                    return false;
                _doubtedSince = time.GetUtcNow();
                _held.Clear(); // of an earlier time, and taken since
            }
            if (_held.Count < Most)
                _held.Add(hash);
            return true;
        }
    }

    private bool TooMany()
    {
        var refused = _setting.Count + _project.Count;
        var all = refused + _taken.Count;
        return (_setting.Count >= options.AtLeast && _setting.Count > options.Share * all)
            || (refused >= options.AtLeast && refused > options.GoneShare * all);
    }

    private void Turn()
    {
        var now = time.GetUtcNow();
        if (now - _doubtedSince > Longest)
        {
            _doubtedSince = null;
            _held.Clear();
        }
        if (now - _turn < options.Window / 2)
            return;
        if (now - _turn >= options.Window)
            Forget();
        foreach (var count in (WindowCount[])[_taken, _setting, _project])
            count.Turn();
        _turn = now;
    }

    private void Forget()
    {
        foreach (var count in (WindowCount[])[_taken, _setting, _project])
            count.Clear();
    }
}
