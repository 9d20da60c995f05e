namespace Notify.Sending.Limits;

/// <summary>The share of a rate that a process grants itself while Redis is away. It starts empty, so that a Redis that comes and goes adds
/// no bursts. Not safe for concurrent use.</summary>
internal sealed class LocalBucket(BucketShape shape, TimeSpan now)
{
    private TimeSpan _updated = now;
    private double _tokens;

    public int Take(int wanted, bool critical, TimeSpan now)
    {
        Refill(now);
        var taken = Math.Clamp((int)Math.Floor(_tokens - Floor(critical)), 0, wanted);
        _tokens -= taken;
        return taken;
    }

    public void Return(int count) => _tokens = Math.Min(shape.Burst, _tokens + count);

    /// <summary>How long until a take is worth while; zero where it is now.</summary>
    public TimeSpan WaitFor(bool critical, TimeSpan now)
    {
        Refill(now);
        var missing = Floor(critical) + 1 - _tokens;
        return missing <= 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(
                Math.Min((Floor(critical) + shape.RoomOf(critical) - _tokens) / shape.PerSecond, TimeSpan.SecondsPerDay)
            );
    }

    private void Refill(TimeSpan now)
    {
        _tokens = Math.Min(shape.Burst, _tokens + ((now - _updated).TotalSeconds * shape.PerSecond));
        _updated = now;
    }

    private int Floor(bool critical) => critical ? 0 : shape.Reserve;
}
