using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Sms;
using Notify.Workers.Sms.Twilio;

namespace Notify.Tests.Workers.Sms;

/// <summary>A host with the provider as the worker registers it.</summary>
internal sealed class TwilioHost : IDisposable
{
    public const string AccountSid = "AC00000000000000000000000000000001";
    public const string AuthToken = "s3cret-auth-token";

    private readonly IHost _host;

    public TwilioHost(Uri? endpoint, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        var values = new Dictionary<string, string?>
        {
            ["Sms:Twilio:AccountSid"] = AccountSid,
            ["Sms:Twilio:AuthToken"] = AuthToken,
            ["Sms:Twilio:From"] = "+15557122661",
            ["Sms:Twilio:Endpoint"] = endpoint?.AbsoluteUri,
        };
        foreach (var (key, value) in settings)
            values[$"Sms:Twilio:{key}"] = value;
        builder.Configuration.AddInMemoryCollection(values);
        builder.Logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddTwilio();
        _host = builder.Build();
    }

    public CollectedLogs Logs { get; } = new();

    public FixedClock Clock { get; } = new();

    public IProvider<SmsMessage> Provider => _host.Services.GetRequiredService<IProvider<SmsMessage>>();

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    public void Dispose() => _host.Dispose();
}
