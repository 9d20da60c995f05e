using System.Globalization;
using Microsoft.Extensions.Options;
using Notify.Sandbox.Apns;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Control;
using Notify.Sandbox.Gateway;
using Notify.Sandbox.Google;
using Notify.Sandbox.Http;
using Notify.Sandbox.Links;
using Notify.Sandbox.Page;
using Notify.Sandbox.Recording;
using Notify.Sandbox.SendGrid;
using Notify.Sandbox.Smtp;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox;

/// <summary>Builds the sandbox; tests start it in their own process on ports of the system's choice.</summary>
internal static partial class SandboxApp
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // would warn that the urls setting is overridden, which SandboxListeners honours
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        var options = Read(builder.Configuration);
        var addresses = new SandboxAddresses();
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
        builder.WebHost.ConfigureKestrel(kestrel => SandboxListeners.Listen(kestrel, urls, options, addresses));
        builder.WebHost.UseSetting(WebHostDefaults.SuppressStatusMessagesKey, "true");

        builder.Services.AddSingleton(options).AddSingleton(addresses).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<MessageStore>().AddSingleton<AcceptCounts>().AddSingleton<Arrivals>();
        builder.Services.AddSingleton<BehaviourSet>().AddSingleton<StandInHandler>().AddSingleton<ProviderRequests>();
        builder.Services.AddSingleton<AccessTokens>().AddSingleton<TokenEndpoint>().AddSingleton<FcmEndpoint>();
        builder.Services.AddSingleton<ApnsTokens>().AddSingleton<ApnsEndpoint>();
        builder.Services.AddSingleton<TwilioAccounts>().AddSingleton<TwilioEndpoint>();
        builder.Services.AddSingleton<SendGridEndpoint>().AddSingleton<GatewayEndpoint>();
        builder.Services.AddSingleton<StatusCallbacks>().AddHostedService(services => services.GetRequiredService<StatusCallbacks>());
        builder.Services.AddSingleton<SmtpCertificate>().AddSingleton<SmtpServices>();
        builder.Services.AddLinks(builder.Configuration);
        configure?.Invoke(builder);

        var app = builder.Build();
        if (options.Script is { Length: > 0 } script)
            app.Services.GetRequiredService<BehaviourSet>().Replace(BehaviourScript.Read(script));
        app.Use(app.Services.GetRequiredService<ProviderRequests>().Middleware);
        app.UseRouting();
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/alive", () => "Healthy");
        app.MapMessages().MapStats().MapStream().MapBehaviours().MapLinks().MapPage();
        app.Lifetime.ApplicationStarted.Register(() =>
            Log.Listening(
                app.Logger,
                addresses.Http,
                addresses.Http2,
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{addresses.SmtpPort}")
            )
        );
        return app;
    }

    private static SandboxOptions Read(ConfigurationManager configuration)
    {
        var options = configuration.GetSection(SandboxOptions.SectionName).Get<SandboxOptions>() ?? new SandboxOptions();
        var result = new SandboxOptionsValidator().Validate(null, options);
        return result.Failed
            ? throw new OptionsValidationException(SandboxOptions.SectionName, typeof(SandboxOptions), result.Failures)
            : options;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Sandbox listens: page and HTTP/1.1 {Http}, HTTP/2 {Http2}, SMTP {Smtp}")]
        public static partial void Listening(ILogger logger, Uri http, Uri http2, string smtp);
    }
}
