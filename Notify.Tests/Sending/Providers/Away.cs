using Notify.Sending.Limits;
using Notify.Tests.Sending.Limits;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

/// <summary>Limiters of a replica without Redis.</summary>
internal static class Away
{
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
            TestContext.Current.CancellationToken
        );
        return permits;
    }
}
