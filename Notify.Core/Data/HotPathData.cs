using Npgsql;

namespace Notify.Core.Data;

/// <summary>The data source of the hot paths, as it has to be made wherever their statements run or are measured.</summary>
public static class HotPathData
{
    // The hot paths look rows up by key, batches of them at a time, in tables whose rows change state within seconds: statistics about states are always old, and a plan that
    // begins with "the few rows that are being sent" reads everything for each row of a batch. With these, a statement goes from the batch to the rows, by index, and is planned once.
    private const string Plans = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    /// <param name="connectionString">Where the database is.</param>
    /// <param name="application">The name that <c>pg_stat_activity</c> shows; the connection string's own where it is null.</param>
    public static NpgsqlDataSource Create(string connectionString, string? application = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Options = Plans, MaxAutoPrepare = 50 };
        if (application is not null)
            settings.ApplicationName = application;
        return NpgsqlDataSource.Create(settings);
    }
}
