using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Tests.Packages.MailKit;
using Notify.Tests.Support;
using Notify.Workers.Email;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

/// <summary>The provider as the worker gets it from configuration, before a scripted server.</summary>
internal sealed class SmtpProviderFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SmtpProviderFixture(ScriptedSmtpServer? server = null, params (string Key, string? Value)[] settings)
    {
        Server = server ?? new ScriptedSmtpServer();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Email:From"] = "Notify <from@example.test>",
                ["Email:Smtp:Host"] = "127.0.0.1",
                ["Email:Smtp:Port"] = Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["Email:Smtp:Security"] = "None",
            }
        );
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.AddEmailProviders();
        _services = builder.Services.BuildServiceProvider();
        Provider = _services.GetRequiredService<IProvider<EmailMessage>>();
    }

    public ScriptedSmtpServer Server { get; }

    public ManualTime Time { get; } = new();

    public IProvider<EmailMessage> Provider { get; }

    public static EmailMessage Message(
        string to = "to@example.test",
        string subject = "Greetings",
        string? text = "Hello",
        string? html = null
    ) => new(Guid.CreateVersion7(), to, subject, text, html);

    public Task<Outcome> SendAsync(CancellationToken cancellationToken) => Provider.SendAsync(Message(), cancellationToken);

    /// <summary>Ends the pool, and so its connections.</summary>
    public ValueTask EndAsync() => _services.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Server.DisposeAsync();
    }
}
