using Microsoft.Extensions.Options;

namespace Notify.Workers.Router.Release;

/// <summary>
/// Whether a lapsed lease means anything. While Postgres stood still no worker could renew a lease or write an outcome down: those that
/// live get time for both before a claim counts as abandoned and its message goes out a second time.
/// </summary>
internal sealed class Settling(IOptions<RouterOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(2); // between two looks that went well, beside their pause
    private DateTimeOffset _since = time.GetUtcNow();
    private DateTimeOffset _last = time.GetUtcNow();

    /// <summary>Postgres has answered without a gap for long enough.</summary>
    public bool IsOver
    {
        get
        {
            var now = time.GetUtcNow();
            return !IsGap(now) && now - _since >= options.Value.SettlingTime;
        }
    }

    /// <summary>A look went well.</summary>
    public void Looked()
    {
        var now = time.GetUtcNow();
        if (IsGap(now))
            _since = now;
        _last = now;
    }

    private bool IsGap(DateTimeOffset now) => now - _last > Gap + options.Value.PumpInterval;
}
