using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Workers.Push;
using Notify.Workers.Push.Apns;

namespace Notify.Tests.Workers.Push.Apns;

/// <summary>The provider under test with a stub of each of APNs' environments.</summary>
internal sealed class ApnsDoor : IAsyncDisposable
{
    private ApnsDoor(ProviderStub production, ProviderStub sandbox)
    {
        (Production, Sandbox) = (production, sandbox);
        Provider = new ApnsProvider(Options.Create(OptionsFor(production.Address, sandbox.Address)), Time);
    }

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(10);

    public static StubAnswer Accepted { get; } = new(200, "", ("apns-id", "eabeae54-14a8-11e5-b60b-1697f925ec7b"));

    public ManualTime Time { get; } = new();

    public ProviderStub Production { get; }

    public ProviderStub Sandbox { get; }

    public ApnsProvider Provider { get; }

    public static ApnsOptions OptionsFor(Uri production, Uri sandbox) =>
        new()
        {
            TeamId = "TEAM123456",
            KeyId = "KEY1234567",
            PrivateKey = SigningKey.Pem,
            Topic = "com.example.app",
            ProductionEndpoint = production,
            SandboxEndpoint = sandbox,
            Timeout = Timeout,
        };

    public static async Task<ApnsDoor> OpenAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        return new ApnsDoor(
            await ProviderStub.StartAsync(HttpProtocols.Http2, Accepted, cancel),
            await ProviderStub.StartAsync(HttpProtocols.Http2, Accepted, cancel)
        );
    }

    public static StubAnswer Refusal(int status, string reason) => new(status, $$"""{"reason":"{{reason}}"}""");

    public Task<Outcome> SendAsync(PushMessage? message = null) =>
        Provider.SendAsync(message ?? PushMessages.Apns(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Provider.Dispose();
        await Production.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
