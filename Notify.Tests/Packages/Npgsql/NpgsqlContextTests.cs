using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace Notify.Tests.Packages.Npgsql;

public sealed class NpgsqlContextTests
{
    private const string Unreachable = "Host=127.0.0.1;Port=1;Database=notify;Username=u;Timeout=1";
    private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });

    [Fact]
    public void Added_context_retries_and_takes_its_settings_from_the_last_source()
    {
        Set("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:CommandTimeout", "1");
        Set("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:notifydb:CommandTimeout", "2");
        Set("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:SampleContext:CommandTimeout", "3");
        Set("Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:ConnectionString", "Host=general");
        Set("ConnectionStrings:notifydb", Unreachable);
        _builder.AddNpgsqlDbContext<SampleContext>("notifydb", configureDbContextOptions: options => options.EnableDetailedErrors());
        using var host = _builder.Build();
        using var scope = host.Services.CreateScope();

        var database = scope.ServiceProvider.GetRequiredService<SampleContext>().Database;
        Assert.Equal((3, Unreachable), (database.GetCommandTimeout(), database.GetConnectionString()));
        Assert.IsType<NpgsqlRetryingExecutionStrategy>(database.CreateExecutionStrategy());
    }

    [Fact]
    public void Retries_can_be_left_out()
    {
        _builder.AddNpgsqlDbContext<SampleContext>("notifydb", settings => (settings.ConnectionString, settings.DisableRetry) = (Unreachable, true));
        Assert.False(Strategy().RetriesOnFailure);
    }

    [Fact]
    public void Second_registration_is_refused_while_developing()
    {
        _builder.Services.AddDbContext<SampleContext>();
        var refused = Assert.Throws<InvalidOperationException>(() => _builder.AddNpgsqlDbContext<SampleContext>("notifydb"));
        Assert.Contains("already registered", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_connection_string_names_the_settings()
    {
        _builder.AddNpgsqlDbContext<SampleContext>("notifydb");
        var missing = Assert.Throws<InvalidOperationException>(() => Strategy());
        Assert.Contains("'ConnectionStrings:notifydb'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enriching_adds_retries_and_a_timeout_to_a_registered_context()
    {
        _builder.Services.AddDbContext<SampleContext>(options => options.UseNpgsql(Unreachable));
        _builder.EnrichNpgsqlDbContext<SampleContext>(settings => settings.CommandTimeout = 7);
        using var host = _builder.Build();
        using var scope = host.Services.CreateScope();

        var database = scope.ServiceProvider.GetRequiredService<SampleContext>().Database;
        Assert.Equal((7, Unreachable), (database.GetCommandTimeout(), database.GetConnectionString()));
        Assert.IsType<NpgsqlRetryingExecutionStrategy>(database.CreateExecutionStrategy());
    }

    [Fact]
    public void Enriching_needs_a_registered_context() =>
        Assert.Contains("was not registered", Assert.Throws<InvalidOperationException>(() => _builder.EnrichNpgsqlDbContext<SampleContext>()).Message, StringComparison.Ordinal);

    [Fact]
    public void Enriching_refuses_another_execution_strategy_unless_retries_are_off()
    {
        _builder.Services.AddDbContext<SampleContext>(options => options.UseNpgsql(Unreachable, npgsql => npgsql.ExecutionStrategy(dependencies => new OwnStrategy(dependencies))));
        _builder.EnrichNpgsqlDbContext<SampleContext>();
        Assert.Contains("DisableRetry", Assert.Throws<InvalidOperationException>(() => Strategy()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enriching_refuses_a_second_command_timeout()
    {
        _builder.Services.AddDbContext<SampleContext>(options => options.UseNpgsql(Unreachable, npgsql => npgsql.CommandTimeout(1)));
        _builder.EnrichNpgsqlDbContext<SampleContext>(settings => settings.CommandTimeout = 2);
        Assert.Contains("CommandTimeout", Assert.Throws<InvalidOperationException>(() => Strategy()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_check_is_named_after_the_context_and_fails_without_a_server()
    {
        _builder.AddNpgsqlDbContext<SampleContext>("notifydb", settings => (settings.ConnectionString, settings.DisableRetry) = (Unreachable, true));
        using var host = _builder.Build();

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, Assert.Contains(nameof(SampleContext), report.Entries).Status);
    }

    private IExecutionStrategy Strategy()
    {
        using var host = _builder.Build();
        using var scope = host.Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<SampleContext>().Database.CreateExecutionStrategy();
    }

    private void Set(string key, string value) =>
        _builder.Configuration.AddInMemoryCollection([new(key, value)]);

    private sealed class SampleContext(DbContextOptions<SampleContext> options) : DbContext(options);

    private sealed class OwnStrategy(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, 1, TimeSpan.Zero)
    {
        protected override bool ShouldRetryOn(Exception exception) => false;
    }
}
