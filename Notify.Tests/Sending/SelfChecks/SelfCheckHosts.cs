using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.SelfChecks;
using Notify.Tests.Sending.Limits;
using Notify.Workers.Router;
using Notify.Workers.Sms;
using Notify.Workers.Sms.Twilio;

namespace Notify.Tests.Sending.SelfChecks;

/// <summary>A Router and an SMS worker as their programs build them, on ports of the system's choice; Twilio is a stub.</summary>
internal sealed class SelfCheckHosts : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _router;
    private readonly WebApplication _worker;
    private readonly HttpClient _http;

    private SelfCheckHosts(WebApplication router, WebApplication worker)
    {
        (_router, _worker) = (router, worker);
        _http = new HttpClient { BaseAddress = new Uri(worker.Urls.Single()) };
    }

    public SelfCheck Check => _worker.Services.GetRequiredService<SelfCheck>();

    public static async Task<SelfCheckHosts> StartAsync(string database, string kafka, Uri twilio, params string[] settings)
    {
        string[] common =
        [
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=None",
            $"--ConnectionStrings:notifydb={database}",
            $"--ConnectionStrings:kafka={kafka}",
            $"--ConnectionStrings:redis={Replica.NoRedis}",
        ];
        var router = Builder("Notify.Workers.Router", common);
        router.AddRouter();
        var worker = Builder(
            "Notify.Workers.Sms",
            [
                .. common,
                "--Sms:Twilio:AccountSid=AC00000000000000000000000000000001",
                "--Sms:Twilio:AuthToken=token",
                "--Sms:Twilio:From=+15557122661",
                $"--Sms:Twilio:Endpoint={twilio}",
                "--Sms:Twilio:MessagesPerSecond=1000",
                .. settings.Select(setting => "--" + setting),
            ]
        );
        worker.AddChannelWorker(Channel.Sms, SmsMessage.Of);
        worker.AddSmsProviders();
        var started = await StartAsync(worker); // first: what refuses to start leaves nothing behind
        return new(await StartAsync(router), started);
    }

    /// <summary>The worker's readiness becomes what is said; its report.</summary>
    public async Task<string> HealthAsync(int status)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            using var health = await _http.GetAsync("/health", cancel);
            var report = await health.Content.ReadAsStringAsync(cancel);
            if ((int)health.StatusCode == status)
                return report;
            Assert.False(late.IsCancellationRequested, $"{(int)health.StatusCode} instead of {status}: {report}");
            await Task.Delay(100, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var app in new[] { _worker, _router })
        {
            await app.StopAsync(CancellationToken.None); // consumers are closed before they are disposed
            await app.DisposeAsync();
        }
    }

    private static WebApplicationBuilder Builder(string name, string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                ApplicationName = name,
                EnvironmentName = Environments.Production,
                Args = arguments,
            }
        );
        builder.AddServiceDefaults();
        return builder;
    }

    private static async Task<WebApplication> StartAsync(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.MapDefaultEndpoints();
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
