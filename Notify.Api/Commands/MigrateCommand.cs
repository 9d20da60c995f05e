using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Notify.Api.Keys;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Notify.ServiceDefaults.Hosting;
using Npgsql;

namespace Notify.Api.Commands;

/// <summary><c>Notify.Api migrate</c>: brings the database and the topics up to date once, before the services start; safe to run
/// again.</summary>
internal static partial class MigrateCommand
{
    // Servers that are started at the same moment need a while.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A migration may copy every row, and must not be given up half-way by a client's default of 30 s.
    private static readonly TimeSpan MigrationTimeout = TimeSpan.FromHours(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddServiceDefaults();
        builder.AddNotifyData();
        builder.AddMessaging(linger: TimeSpan.Zero, timeout: TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DayPartitions>();
        builder.Services.AddOptions<DevelopmentOptions>().BindConfiguration(DevelopmentOptions.SectionName);
        using var host = builder.Build();
        if (SettingsCheck.Reports(host.Services))
            return SettingsCheck.ExitCode;
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Notify.Api.Migrate");
        try
        {
            var topics = PatientlyAsync(
                () => host.Services.GetRequiredService<TopicProvisioner>().EnsureAsync(stop.Token),
                logger,
                stop.Token
            );
            var rows = PatientlyAsync(() => MigrateAsync(host.Services, logger, stop.Token), logger, stop.Token);
            await foreach (var done in Task.WhenEach(topics, rows))
                await done; // where one cannot be done, that is told at once: the other may be waiting for its server
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130; // as shells name an end by Ctrl+C
        }
        catch (Exception fault) when (CommandFaults.Explain(fault, builder.Configuration) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    private static async Task MigrateAsync(IServiceProvider services, ILogger logger, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        var pending = await PendingMigrations.CountAsync(database, cancellationToken);
        if (pending > 0) // else EF Core would take a second to find that out
            await ApplyAsync(services, cancellationToken);
        Log.Migrated(logger, pending);
        var now = TimeProvider.System.GetUtcNow();
        await services.GetRequiredService<DayPartitions>().EnsureAsync(DayPartitions.Around(now), cancellationToken);
        var development = services.GetRequiredService<IOptions<DevelopmentOptions>>().Value;
        if (development is { Tenant: { Length: > 0 } tenant, ApiKey: { Length: > 0 } key })
            await KeyStore.AddAsync(database, tenant, "development", key, Scopes.All, expiresAt: null, now, cancellationToken);
    }

    private static async Task ApplyAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NotifyDbContext>().Database;
        // Asked for by name it would be an error in the server's log, the first thing that a new user sees.
        await database.ExecuteSqlRawAsync(database.GetService<IHistoryRepository>().GetCreateIfNotExistsScript(), cancellationToken);
        database.SetCommandTimeout(MigrationTimeout);
        await database.MigrateAsync(cancellationToken);
    }

    /// <summary>Again and again while a server is away; what a setting has to mend is told at once.</summary>
    private static async Task PatientlyAsync(Func<Task> work, ILogger logger, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var told = false;
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception fault)
                when (MayPass(fault) && TimeProvider.System.GetElapsedTime(started) < Patience && !cancellationToken.IsCancellationRequested
                )
            {
                if (!told)
                    Log.Waiting(logger, fault.GetType().Name);
                told = true;
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static bool MayPass(Exception fault) =>
        fault switch
        {
            KafkaException away => away.Error.Code
                is ErrorCode.Local_Transport
                    or ErrorCode.Local_TimedOut
                    or ErrorCode.Local_AllBrokersDown,
            NpgsqlException odd and not PostgresException => odd.IsTransient, // not where the server asks for a password and there is none
            _ => DatabaseFaults.IsPassing(fault),
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The database is up to date ({Count} migrations applied).")]
        public static partial void Migrated(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "A server does not answer yet ({Fault}); trying again for a minute.")]
        public static partial void Waiting(ILogger logger, string fault);
    }
}
