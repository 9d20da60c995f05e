using System.Buffers.Binary;
using NodaTime;
using Notify.Core.Notifications;
using Notify.Core.Time;

namespace Notify.Core.Preferences;

/// <summary>
/// How long after the end of quiet hours a held delivery is released, so that the messages of a night do not all leave in the minute
/// at which it ends. Drawn from the delivery's id: each decision about a delivery comes to the same moment.
/// </summary>
public static class ReleaseJitter
{
    /// <summary>All waits are below this.</summary>
    public static TimeSpan Max { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Whole milliseconds from zero to just below <see cref="Max"/>, each as likely as the others; zero for high and critical
    /// priority.</summary>
    public static TimeSpan Of(Guid deliveryId, string priority)
    {
        if (priority is Priorities.High or Priorities.Critical)
            return TimeSpan.Zero;
        Span<byte> bytes = stackalloc byte[16];
        deliveryId.TryWriteBytes(bytes, bigEndian: true, out _);
        // All bits of the id, mixed (SplitMix64's finalizer, Steele et al. 2014), so that neither the time in it nor another use of the
        // same bits shows in the wait.
        var mixed = Mix(Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes)) ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        var milliseconds = Math.BigMul(mixed, (ulong)Max.TotalMilliseconds, out _);
        return TimeSpan.FromMilliseconds((long)milliseconds);
    }

    /// <summary>When a delivery is released whose quiet time ends at a moment. Where the wait would reach into the next quiet time, it is
    /// halved until it does not, so that a delivery finds its way through a gap of any length.</summary>
    public static Instant After(Instant end, Guid deliveryId, string priority, QuietSchedule schedule, DateTimeZone zone)
    {
        var wait = Duration.FromTimeSpan(Of(deliveryId, priority));
        while (wait > Duration.Zero && schedule.IsQuiet(zone, end + wait))
            wait = Duration.FromMilliseconds((long)wait.TotalMilliseconds / 2);
        return end + wait;
    }

    private static ulong Mix(ulong bits)
    {
        bits += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
