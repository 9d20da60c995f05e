using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Workers.Push;
using Notify.Workers.Push.Fcm;

namespace Notify.Tests.Workers.Push.Fcm;

/// <summary>The provider under test with a stub of FCM (HTTP/2) and one of Google's token endpoint (HTTP/1.1).</summary>
internal sealed class FcmDoor : IAsyncDisposable
{
    private int _issued;

    private FcmDoor(ProviderStub messages, ProviderStub tokens)
    {
        (Messages, Tokens) = (messages, tokens);
        tokens.Answers((_, _) => Task.FromResult(IssueToken()));
        Provider = new FcmProvider(
            Options.Create(
                new FcmOptions
                {
                    ProjectId = "demo-project",
                    Credentials = ServiceAccount.Json(new Uri(tokens.Address, "/token")),
                    Endpoint = messages.Address,
                    Timeout = Timeout,
                }
            ),
            Time
        );
    }

    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(10);

    public static StubAnswer Accepted { get; } = new(200, """{"name":"projects/demo-project/messages/0:1"}""");

    public ManualTime Time { get; } = new();

    public ProviderStub Messages { get; }

    public ProviderStub Tokens { get; }

    public FcmProvider Provider { get; }

    public static async Task<FcmDoor> OpenAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        return new FcmDoor(
            await ProviderStub.StartAsync(HttpProtocols.Http2, Accepted, cancel),
            await ProviderStub.StartAsync(HttpProtocols.Http1, Accepted, cancel)
        );
    }

    public StubAnswer IssueToken() =>
        new(
            200,
            $$"""{"access_token":"access-{{Interlocked.Increment(ref _issued)}}","expires_in":3600,"token_type":"Bearer"}""",
            ("Content-Type", "application/json")
        );

    public Task<Outcome> SendAsync(PushMessage? message = null) =>
        Provider.SendAsync(message ?? PushMessages.Fcm(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Provider.Dispose();
        await Messages.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}
