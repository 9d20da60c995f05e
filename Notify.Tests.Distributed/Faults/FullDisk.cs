using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// Postgres without room: until this is disposed most statements that write end with the error of a file that cannot grow (53100). A few
/// succeed, as those do whose row still fits into a page that is there, so that a claim may be written and its outcome not. Full of its own
/// log Postgres crashes instead, which is another of these faults.
/// </summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private const string Create = """
        CREATE SEQUENCE full_disk_refusals;
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF random() < 0.8 THEN
                PERFORM nextval('full_disk_refusals');
                RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
            END IF;
            RETURN NULL;
        END $$
        """;

    private const string Drop = "DROP FUNCTION full_disk(); DROP SEQUENCE full_disk_refusals";

    private readonly NpgsqlDataSource _database;
    private readonly List<string> _tables = [];

    private FullDisk(NpgsqlDataSource database) => _database = database;

    public static async Task<FullDisk> BeginAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var disk = new FullDisk(database);
        await disk.ExecuteAsync(Create, cancellationToken);
        try
        {
            await disk.FillAsync(cancellationToken);
            return disk;
        }
        catch
        {
            await disk.DisposeAsync(); // the application is shared: the faults after this one would meet it half full
            throw;
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        await using var list = _database.CreateCommand(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'"
        );
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                _tables.Add(reader.GetString(0));
        }

        // each in a transaction of its own: the locks of all at once would meet those of the services in another order
        foreach (var table in _tables)
            await ExecuteAsync(
                $"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION full_disk()",
                cancellationToken
            );
    }

    /// <summary>Statements that found no room.</summary>
    public async Task<long> RefusedAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM full_disk_refusals");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var table in _tables)
            await ExecuteAsync($"DROP TRIGGER IF EXISTS full_disk ON {table}", CancellationToken.None);
        await ExecuteAsync(Drop, CancellationToken.None);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
