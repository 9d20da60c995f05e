using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.Core.Hosting;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>Asks Postgres for one row.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource database) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limited.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault)
            when (DatabaseFaults.IsPassing(fault) || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthReason.Of(context.Registration.FailureStatus, $"Postgres did not answer ({fault.GetType().Name}).");
        }
    }
}
