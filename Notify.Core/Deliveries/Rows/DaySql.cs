using System.Globalization;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Core.Deliveries.Rows;

/// <summary>
/// A statement that is written for one day's table where all of its rows are of one day, as they nearly always are. Over all days Postgres
/// opens the table and the indexes of each at every execution: with 90 of them, that costs as much as a batch of 50 rows.
/// </summary>
/// <param name="write">Writes the statement for a table.</param>
internal sealed class DaySql(Func<string, string> write)
{
    private readonly string _all = write("deliveries");
    private volatile Text? _last;

    /// <summary>Executes the statement for the days from the first id to the last.</summary>
    public async Task<T> ExecuteAsync<T>(Guid first, Guid last, Func<string, Task<T>> execute)
    {
        if (TableOf(first, last) is not { } table)
            return await execute(_all);
        try
        {
            return await execute(For(table));
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return await execute(_all); // a day that was removed, or never was: there is no row then, which is no fault
        }
    }

    /// <summary>The table of their day; null where they are of several.</summary>
    private static string? TableOf(Guid first, Guid last)
    {
        if (!UuidV7.TryGetTime(first, out var from) || !UuidV7.TryGetTime(last, out var to) || from.UtcDateTime.Date != to.UtcDateTime.Date)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"deliveries_{from.UtcDateTime:yyyyMMdd}");
    }

    private string For(string table)
    {
        if (_last is not { } last || last.Table != table)
            _last = last = new(table, write(table));
        return last.Sql;
    }

    private sealed record Text(string Table, string Sql);
}
