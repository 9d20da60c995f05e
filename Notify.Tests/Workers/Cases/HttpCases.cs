using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Workers.Email.SendGrid;
using Notify.Tests.Workers.Push;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;
using Notify.Tests.Workers.Sms;
using Notify.Tests.Workers.Sms.Gateway;
using Notify.Workers.Email;
using Notify.Workers.Push;
using Notify.Workers.Push.Tokens;
using Notify.Workers.Sms;

namespace Notify.Tests.Workers.Cases;

internal abstract class HttpCases<TMessage>(StubAnswer usual, params ProviderStub[] stubs) : CaseDoor.Of<TMessage>
{
    protected override int Calls => stubs.Sum(stub => stub.Requests.Count);

    protected override void Play(JsonElement? answers)
    {
        foreach (var stub in stubs)
        {
            if (answers is { } given)
                new AnswerScript(given).PlayOn(stub, usual);
            else
                stub.Answers(usual);
        }
    }
}

internal sealed class FcmCases : HttpCases<PushMessage>
{
    private readonly FcmDoor _door;

    public FcmCases(FcmDoor door)
        : base(FcmDoor.Accepted, door.Messages)
    {
        _door = door;
        Provider = new TokenGuard(door.Provider, new TokenOptions(), Clock);
    }

    protected override IProvider<PushMessage> Provider { get; }

    protected override PushMessage MessageTo(CaseSend send, string? to) => PushMessages.Fcm(to ?? "fcm-token:1") with { App = send.App };

    public override ValueTask DisposeAsync() => _door.DisposeAsync();
}

internal sealed class ApnsCases : HttpCases<PushMessage>
{
    private readonly ApnsDoor _door;

    public ApnsCases(ApnsDoor door)
        : base(ApnsDoor.Accepted, door.Production, door.Sandbox)
    {
        _door = door;
        Provider = new TokenGuard(door.Provider, new TokenOptions(), Clock);
    }

    protected override IProvider<PushMessage> Provider { get; }

    protected override PushMessage MessageTo(CaseSend send, string? to)
    {
        var message = PushMessages.Apns(app: send.App, environment: send.Environment ?? "production");
        return to is null ? message : message with { Token = to };
    }

    public override ValueTask DisposeAsync() => _door.DisposeAsync();
}

internal sealed class SendGridCases(SendGridDoor door) : HttpCases<EmailMessage>(SendGridDoor.Accepted, door.Stub)
{
    protected override IProvider<EmailMessage> Provider => door.Provider;

    protected override EmailMessage MessageTo(CaseSend send, string? to) => SendGridDoor.Message(to ?? "to@example.test");

    public override ValueTask DisposeAsync() => door.DisposeAsync();
}

internal sealed class GatewayCases(GatewayDoor door) : HttpCases<SmsMessage>(GatewayDoor.Accepted, door.Stub)
{
    protected override IProvider<SmsMessage> Provider => door.Provider;

    protected override SmsMessage MessageTo(CaseSend send, string? to) => GatewayDoor.Message() with { To = to ?? "+15558675310" };

    public override ValueTask DisposeAsync() => door.DisposeAsync();
}

internal sealed class TwilioCases : HttpCases<SmsMessage>
{
    public static StubAnswer Usual { get; } = new(201, RecordedAnswers.Created, ("Content-Type", "application/json"));
    private readonly ProviderStub _stub;
    private readonly TwilioHost _host;

    private TwilioCases(ProviderStub stub, TwilioHost host)
        : base(Usual, stub) => (_stub, _host) = (stub, host);

    protected override IProvider<SmsMessage> Provider => _host.Provider;

    public ProviderStub Stub => _stub;

    public static async Task<TwilioCases> OpenAsync(CancellationToken cancellationToken, params (string Key, string? Value)[] settings)
    {
        var stub = await ProviderStub.StartAsync(HttpProtocols.Http1, Usual, cancellationToken);
        return new(stub, new TwilioHost(stub.Address, settings));
    }

    public Task<Outcome> SendAsync(CancellationToken cancellationToken) => Provider.SendAsync(GatewayDoor.Message(), cancellationToken);

    protected override SmsMessage MessageTo(CaseSend send, string? to) => GatewayDoor.Message() with { To = to ?? "+15558675310" };

    public override async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _stub.DisposeAsync();
    }
}
