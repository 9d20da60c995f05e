using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Workers.Email;
using Notify.Workers.Email.SendGrid;

namespace Notify.Tests.Workers.Email.SendGrid;

/// <summary>The provider as the worker gets it from configuration, before a stub of SendGrid.</summary>
internal sealed class SendGridDoor : IProviderDoor
{
    public const string ApiKey = "SG.key-id.s3cret-part";

    private readonly ServiceProvider _services;

    private SendGridDoor(ProviderStub stub, params (string Key, string? Value)[] settings)
    {
        Stub = stub;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Email:From"] = "Nötify <from@example.test>",
                ["Email:SendGrid:ApiKey"] = ApiKey,
                ["Email:SendGrid:Endpoint"] = stub.Address.AbsoluteUri,
            }
        );
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.AddEmailProviders();
        _services = builder.Services.BuildServiceProvider();
        Provider = _services.GetRequiredService<IProvider<EmailMessage>>();
    }

    public static StubAnswer Accepted { get; } = new(202, "", ("X-Message-Id", "14c5d75ce93.dfd.64b469"));

    public ManualTime Time { get; } = new();

    public ProviderStub Stub { get; }

    public IProvider<EmailMessage> Provider { get; }

    public static async Task<SendGridDoor> OpenAsync(params (string Key, string? Value)[] settings) =>
        new(await ProviderStub.StartAsync(HttpProtocols.Http1, Accepted, TestContext.Current.CancellationToken), settings);

    public static EmailMessage Message(
        string to = "to@example.test",
        string subject = "Grüße",
        string? text = "Hello",
        string? html = "<p>Hello</p>"
    ) => new(Guid.CreateVersion7(), to, subject, text, html);

    public Task<Outcome> SendAsync(EmailMessage? message = null) =>
        Provider.SendAsync(message ?? Message(), TestContext.Current.CancellationToken);

    Task<Outcome> IProviderDoor.SendAsync(CancellationToken cancellationToken) => Provider.SendAsync(Message(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Stub.DisposeAsync();
    }
}
