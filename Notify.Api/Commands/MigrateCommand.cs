using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Notify.Api.Keys;
using Notify.Core.Data;
using Notify.Core.Messaging;

namespace Notify.Api.Commands;

/// <summary><c>Notify.Api migrate</c>: brings the database and the topics up to date once, before the services start; safe to run again.</summary>
internal static partial class MigrateCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNotifyData();
        builder.AddMessaging(linger: TimeSpan.Zero, timeout: TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<DevelopmentOptions>().BindConfiguration(DevelopmentOptions.SectionName);
        using var host = builder.Build();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) => { pressed.Cancel = true; stop.Cancel(); };
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Notify.Api.Migrate");
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<NotifyDbContext>();
            // Asked for by name it would be an error in the server's log, the first thing that a new user sees.
            await database.Database.ExecuteSqlRawAsync(database.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), stop.Token);
            var pending = await database.Database.GetPendingMigrationsAsync(stop.Token);
            await database.Database.MigrateAsync(stop.Token);
            Log.Migrated(logger, pending.Count());
            var development = scope.ServiceProvider.GetRequiredService<IOptions<DevelopmentOptions>>().Value;
            if (development is { Tenant: { Length: > 0 } tenant, ApiKey: { Length: > 0 } key })
                await KeyStore.AddAsync(database, tenant, "development", key, Scopes.All, expiresAt: null, TimeProvider.System.GetUtcNow(), stop.Token);
        }
        await host.Services.GetRequiredService<TopicProvisioner>().EnsureAsync(stop.Token);
        return 0;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The database is up to date ({Count} migrations applied).")]
        public static partial void Migrated(ILogger logger, int count);
    }
}
