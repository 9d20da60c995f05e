namespace Notify.Tests.Core.Hosting;

/// <summary>What a test needs that has a database of its own.</summary>
[Collection(SharedPostgres.Name)]
public abstract class DatabaseTests(PostgresServer server) : IAsyncLifetime
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync(server);

    public virtual async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
