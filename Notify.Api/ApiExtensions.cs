using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Notify.Api.Auditing;
using Notify.Api.DeadLetters;
using Notify.Api.Decisions;
using Notify.Api.Description;
using Notify.Api.Keys;
using Notify.Api.Limits;
using Notify.Api.Notifications;
using Notify.Api.Paths;
using Notify.Api.Preferences;
using Notify.Api.Problems;
using Notify.Api.Providers;
using Notify.Api.Recipients;
using Notify.Api.Suppressions;
using Notify.Core.Caching;
using Notify.Core.Data;
using Notify.Core.Hosting;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Routing;
using Notify.Core.Tenants;
using Notify.Core.Time;
using Notify.Core.Validation;

namespace Notify.Api;

/// <summary>The API: its services and its routes.</summary>
internal static class ApiExtensions
{
    // A caller waits: no lingering, and an answer (503) well before callers give up.
    private static readonly TimeSpan ProduceTimeout = TimeSpan.FromSeconds(5);

    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        // Accepting goes on without Postgres, so its absence must not take the service out of rotation.
        builder.AddNotifyData(whenAway: HealthStatus.Degraded);
        builder.AddNotifyCaching();
        builder.AddProfileCache();
        builder.AddMessaging(linger: TimeSpan.Zero, ProduceTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ApiKeyDirectory>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ApiKeyDirectory>());
        builder.Services.AddHealthChecks().AddCheck<KeysHealthCheck>("keys").AddCheck<ZoneData>("time_zones");
        builder.Services.AddSingleton<TenantDirectory>();
        builder.Services.AddHostedService<TenantRefresher>();
        builder.Services.AddOptions<AcceptOptions>().BindConfiguration(AcceptOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AcceptOptions>, AcceptOptionsValidator>();
        builder.Services.AddSingleton<AcceptLimiter>();
        builder.Services.AddSingleton<AcceptApi>();
        builder.Services.AddSingleton<Intake>();
        builder.Services.AddSingleton<IntakeMetrics>();
        builder.Services.AddSingleton<IdempotencyStore>();
        builder.Services.AddSingleton<AuditWriter>();
        builder.Services.AddSingleton<PreferenceStore>();
        builder.Services.AddSingleton<BulkApi>();
        builder.Services.AddSingleton<SuppressionStore>();
        builder.Services.AddSingleton<ReplayStore>();
        builder.Services.AddSingleton<DeviceStore>();
        builder.Services.AddWarmUp(
            (services, token) =>
            {
                var (request, _) = RequestBody.ParseNotification(SampleRequest.Bytes);
                NotificationValidator.Validate(request!);
                return services.GetRequiredService<ApiKeyDirectory>().FindAsync(default, token).AsTask();
            }
        );
        builder.Services.AddWarmUp(CancelApi.WarmUpAsync, awaited: false);
        builder.Services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
            {
                FrameworkProblems.GiveType(context.ProblemDetails);
                context.ProblemDetails.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToString()
                    ?? context.HttpContext.TraceIdentifier;
            }
        );
        builder.Services.AddExceptionHandler<FaultHandler>();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.Encoder = ApiJson.Answers.Options.Encoder;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict; // what the description says of numbers
        });
        builder.Services.AddApiDescription();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Each endpoint has its own, smaller bound and stops reading there. The server then reads and drops the rest, for a few seconds
            // at most, so that the client gets the problem; beyond this limit it would cut the connection, with the client's next request
            // on it.
            kestrel.Limits.MaxRequestBodySize = 16L * NotificationLimits.BatchBytes;
        });
        return builder;
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(); // an unknown path or method is a problem too
        app.UseRouting();
        app.Use(PathValues.DecodeAsync);
        app.MapOpenApi();
        app.MapReferencePage();
        app.MapNotifications();
        app.MapDeliveries();
        var recipients = app.MapRecipients();
        recipients.MapPreferences();
        recipients.MapConsentLog();
        app.MapCategories();
        app.MapSettings();
        app.MapSuppressions();
        app.MapExplain();
        app.MapSimulate();
        app.MapDeadLetters();
        app.MapAudit();
        app.MapProviders();
        return app;
    }
}
