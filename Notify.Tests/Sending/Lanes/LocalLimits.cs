using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Lanes;

/// <summary>Limiters that count by a clock of the tests', for all tests of a class: each takes a moment to notice that there is no
/// Redis.</summary>
public sealed class LocalLimits : IAsyncLifetime
{
    internal ManualTime Time { get; } = new();

    internal Replica Replica { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Replica = await Replica.StartAsync(Replica.NoRedis, new() { LocalFraction = 1, CriticalReserve = 0 }, Time);

    public ValueTask DisposeAsync() => Replica.DisposeAsync();
}
