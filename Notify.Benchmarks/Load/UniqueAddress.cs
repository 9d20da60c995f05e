using System.Globalization;
using System.Security.Cryptography;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Load;

/// <summary>An address that no other message has.</summary>
internal static class UniqueAddress
{
    private static readonly long s_run = RandomNumberGenerator.GetInt32(100_000);
    private static int s_number;

    public static string Of(Channel channel)
    {
        var number = s_run * 1_000_000 + Interlocked.Increment(ref s_number);
        return channel switch
        {
            Channel.Email => string.Create(CultureInfo.InvariantCulture, $"latency-{number}@example.test"),
            Channel.Sms => string.Create(CultureInfo.InvariantCulture, $"+49{number:000000000000}"),
            Channel.Push => string.Create(CultureInfo.InvariantCulture, $"latency-{number}-device"),
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };
    }
}
