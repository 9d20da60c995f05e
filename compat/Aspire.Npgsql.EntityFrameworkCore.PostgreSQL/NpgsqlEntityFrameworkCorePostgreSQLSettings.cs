namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// Bound from <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>, then from its child named after the connection (Add only), then from the one named after the
/// context, then <c>ConnectionStrings:&lt;name&gt;</c> (Add only), then the delegate.
/// </summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    public string? ConnectionString { get; set; }

    /// <summary>False, the default, retries transient failures; a transaction of one's own then needs the execution strategy.</summary>
    public bool DisableRetry { get; set; }

    public bool DisableHealthChecks { get; set; }

    public bool DisableTracing { get; set; }

    public bool DisableMetrics { get; set; }

    /// <summary>Seconds a command may take; unset leaves the provider's default.</summary>
    public int? CommandTimeout { get; set; }
}
