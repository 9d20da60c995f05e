using Notify.Core.Channels;

namespace Notify.Workers.Push.Tokens;

/// <summary>
/// The tokens of one app that were taken and refused lately. Once too many are refused, that stands until one of those is taken again: the
/// calls that try it are too few to prove it anew in every window.
/// </summary>
internal sealed class RefusedTokens(TokenOptions options, TimeProvider time)
{
    /// <summary>More are counted without a look at whether they differ.</summary>
    private const int Most = 20_000;

    /// <summary>Where nothing has been mended for so long, the tokens are judged anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly HashSet<long> _held = [];
    private Half _before = new();
    private Half _now = new();
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
                (_doubtedSince, _before, _now) = (null, new(), new());   // what was wrong is mended
            _now.Add(_now.Taken, hash);
            _now.Setting.Remove(hash);
            _now.Project.Remove(hash);
        }
    }

    /// <summary>Whether the refusal is to be doubted, and the token kept.</summary>
    public bool Refused(string token, TokenDoubt doubt)
    {
        var hash = TokenSet.HashOf(token);
        lock (_lock)
        {
            Turn();
            _now.Add(doubt == TokenDoubt.Setting ? _now.Setting : _now.Project, hash);
            if (_doubtedSince is null)
            {
                if (!TooMany())
                    return false;
                _doubtedSince = time.GetUtcNow();
                _held.Clear();   // of an earlier time, and taken since
            }
            if (_held.Count < Most)
                _held.Add(hash);
            return true;
        }
    }

    private bool TooMany()
    {
        var setting = _now.Setting.Count + _before.Setting.Except(_now.Setting).Count();
        var refused = setting + _now.Project.Count + _before.Project.Except(_now.Project).Count();
        var all = refused + _now.Taken.Count + _now.Uncounted + _before.Taken.Except(_now.Taken).Count() + _before.Uncounted;
        return (setting >= options.AtLeast && setting > options.Share * all)
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
        (_before, _now) = (now - _turn < options.Window ? _now : new(), new());
        _turn = now;
    }

    /// <summary>Half a window.</summary>
    private sealed class Half
    {
        public HashSet<long> Taken { get; } = [];

        public HashSet<long> Setting { get; } = [];

        public HashSet<long> Project { get; } = [];

        /// <summary>Taken, and perhaps not for the first time.</summary>
        public int Uncounted { get; private set; }

        public void Add(HashSet<long> tokens, long hash)
        {
            if (tokens.Count < Most)
                tokens.Add(hash);
            else if (tokens == Taken && !tokens.Contains(hash))
                Uncounted++;
        }
    }
}
