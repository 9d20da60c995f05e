using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.PostgreSQL.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.Tests.StandIns.Servers;

namespace Notify.Tests.StandIns.PostgreSQL;

public sealed class PostgresResourceTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task Database_is_created_and_healthy_once_the_server_is_ready()
    {
        var cancel = TestContext.Current.CancellationToken;
        var builder = DistributedApplication.CreateBuilder();
        builder.Services.AddLogging(logging => logging.ClearProviders());   // a check that fails is expected here
        var password = builder.AddParameter("chosen", "pass.word{1}", secret: true);
        var postgres = builder.AddPostgres("postgres", password: password);
        var database = postgres.AddDatabase("orders-db", "Orders");
        var prepare = postgres.Resource.Annotations.OfType<LocalServerAnnotation>().Single().Prepare;
        var server = await _folders.StartAsync(prepare, ("Postgres:Fsync", "off"));
        postgres.Resource.Allocate(server.Port);
        await using var services = builder.Services.BuildServiceProvider();

        await server.ReadyAsync(async _ => await services.IsHealthyAsync("postgres_check", cancel));
        Assert.False(await services.IsHealthyAsync("orders-db_check", cancel));
        await PostgresDatabases.CreateAsync(postgres.Resource, cancel);
        await PostgresDatabases.CreateAsync(postgres.Resource, cancel);   // as after a restart

        Assert.True(await services.IsHealthyAsync("orders-db_check", cancel));
        Assert.Equal($"Host=localhost;Port={server.Port};Username=postgres;Password=pass.word{{1}};Database=Orders",
            await ((IResourceWithConnectionString)database.Resource).GetConnectionStringAsync(cancel));
        Assert.Equal("{postgres.connectionString};Database=Orders", database.Resource.ConnectionStringExpression.ValueExpression);
        await server.StopAsync();
        Assert.False(await services.IsHealthyAsync("postgres_check", cancel));
    }
}
