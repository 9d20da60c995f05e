using Npgsql;

namespace Notify.Core.Data;

/// <summary>The data source of the hot paths, as it has to be made wherever their statements run or are measured.</summary>
public static class HotPathData
{
    // The hot paths look rows up by key, batches of them at a time, in tables whose rows change state within seconds: statistics about
    // states are always old, and a plan that begins with "the few rows that are being sent" reads everything for each row of a batch. With
    // these, a statement goes from the batch to the rows, by index, and is planned once.
    private const string Plans =
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    // Postgres compiles what it thinks expensive, at each execution anew, and a plan that is discouraged above counts as most expensive: a
    // look for what is to be sent took 60 to 500 ms instead of 5.
    private const string NoCompiling = "-c jit=off";

    /// <param name="connectionString">Where the database is.</param>
    /// <param name="application">The name that <c>pg_stat_activity</c> shows; the connection string's own where it is null.</param>
    public static NpgsqlDataSource Create(string connectionString, string? application = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Options = $"{Plans} {NoCompiling}", MaxAutoPrepare = 50 };
        if (application is not null)
            settings.ApplicationName = application;
        return NpgsqlDataSource.Create(settings);
    }
}
