using Notify.Core.Deliveries;

namespace Notify.Sending;

/// <summary>Spreads things over time. It decides nothing that must be repeatable; whatever computes with it takes it as an
/// argument.</summary>
internal static class Jitter
{
#pragma warning disable CA5394 // no secret is made of it
    /// <summary>Uniform in [0, 1).</summary>
    public static double Next() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
