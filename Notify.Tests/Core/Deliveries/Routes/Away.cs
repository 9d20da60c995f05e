using Notify.Core.Limits;
using Notify.Tests.Core.Limits;
using Notify.Tests.Distributed;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Deliveries.Routes;

/// <summary>A Redis that is not there: limits count in this process, pauses hold all the same.</summary>
internal static class Away
{
    public const string Address = "127.0.0.1:1,abortConnect=false,connectTimeout=200,connectRetry=1";

    /// <summary>The provider's limiter, once it has noticed.</summary>
    public static async Task<RateLimiter> UntilLocalAsync(Replica replica, StubProvider provider, ManualTime time)
    {
        var permits = replica.Limiters.For(provider.Name, provider.Credential, provider.Limit);
        await Until.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                permits.TryTake(1, critical: true);
                return permits.IsLocal;
            },
            "It notices that Redis is away.",
            TestContext.Current.CancellationToken);
        return permits;
    }
}
