using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Workers.Sms;
using Notify.Workers.Sms.Gateway;

namespace Notify.Tests.Workers.Sms.Gateway;

/// <summary>The provider as the worker gets it from configuration, before a stub of a gateway.</summary>
internal sealed class GatewayDoor : IProviderDoor
{
    private readonly IHost _host;

    private GatewayDoor(ProviderStub stub, (string Key, string? Value)[] settings)
    {
        Stub = stub;
        _host = Build([("Url", new Uri(stub.Address, "/send").AbsoluteUri), .. settings]);
    }

    public static StubAnswer Accepted { get; } = new(200, """{"messages":[{"id":4711}]}""", ("X-Id", "in-header"));

    public ProviderStub Stub { get; }

    public IProvider<SmsMessage> Provider => _host.Services.GetRequiredService<IProvider<SmsMessage>>();

    public static async Task<GatewayDoor> OpenAsync(params (string Key, string? Value)[] settings) =>
        new(await ProviderStub.StartAsync(HttpProtocols.Http1, Accepted, TestContext.Current.CancellationToken), settings);

    public static IHost Build(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            values[$"Sms:Gateway:{key}"] = value;
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddSingleton<TimeProvider>(new FixedClock());
        builder.AddGateway();
        return builder.Build();
    }

    public static SmsMessage Message(string text = "Hello") =>
        new(Guid.CreateVersion7(FixedClock.Now), "+15558675310", text, FixedClock.Now.AddHours(1));

    public Task<Outcome> SendAsync(SmsMessage? message = null) =>
        Provider.SendAsync(message ?? Message(), TestContext.Current.CancellationToken);

    Task<Outcome> IProviderDoor.SendAsync(CancellationToken cancellationToken) => Provider.SendAsync(Message(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await Stub.DisposeAsync();
    }
}
