using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Adds retries and a command timeout to options that somebody else configured, without replacing a choice made there.</summary>
internal static class NpgsqlEnrichment
{
    public static void Apply<TContext>(DbContextOptionsBuilder options, NpgsqlEntityFrameworkCorePostgreSQLSettings settings) where TContext : DbContext
    {
#pragma warning disable EF1001 // What the options hold so far can be asked of the provider's internal extension only.
        var configured = options.Options.FindExtension<NpgsqlOptionsExtension>();
        var strategy = configured?.ExecutionStrategyFactory?.Invoke(new ExecutionStrategyDependencies(null!, options.Options, null!));
        var isCustom = strategy is not null and not NpgsqlRetryingExecutionStrategy && strategy.GetType() != typeof(NpgsqlExecutionStrategy);
#pragma warning restore EF1001
        if (!settings.DisableRetry && isCustom)
            throw new InvalidOperationException(
                $"{nameof(NpgsqlEntityFrameworkCorePostgreSQLSettings)}.{nameof(NpgsqlEntityFrameworkCorePostgreSQLSettings.DisableRetry)} needs to be set when a custom Execution Strategy is configured.");
        if (settings.CommandTimeout is { } wanted && configured?.CommandTimeout is { } present && wanted != present)
            throw new InvalidOperationException(
                $"Conflicting values for 'CommandTimeout' were found in {nameof(NpgsqlEntityFrameworkCorePostgreSQLSettings)} and set in DbContextOptions<{typeof(TContext).Name}>.");

        options.UseNpgsql(npgsql =>
        {
            if (!settings.DisableRetry && strategy is not NpgsqlRetryingExecutionStrategy)
                npgsql.EnableRetryOnFailure();
            if (settings.CommandTimeout is { } seconds)
                npgsql.CommandTimeout(seconds);
        });
    }
}
