using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Notify.Tests.StandIns.Hosting;

public sealed class EnvironmentTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_receives_what_it_refers_to_and_where_to_listen()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create("--ConnectionStrings:db=Host=elsewhere", "--Parameters:key=from-configuration");
        var peer = builder.AddProbe("peer");
        var key = builder.AddParameter("key", secret: true);
        builder.AddProbe("probe")
            .WithEndpoint(scheme: "tcp", name: "smtp", env: "SMTP_PORT")
            .WithHttpEndpoint(name: "http2", env: "HTTP2_PORT")
            .WithReference(builder.AddConnectionString("db"))
            .WithReference(peer)
            .WithEnvironment("KEY", key)
            .WithEnvironment("TEXT", $"at {peer.GetEndpoint("http")}/x {{literal}}")
            .WithEnvironment("PEER_PORT", peer.GetEndpoint("http").Property(EndpointProperty.Port))
            .WithArgs("one", "two");
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        var variables = (await app.AskProbeAsync<Dictionary<string, string?>>("probe", "/env", Cancel))!;

        var url = app.GetEndpoint("peer").ToString().TrimEnd('/');
        Assert.Equal("Host=elsewhere", variables["ConnectionStrings__db"]);
        Assert.Equal(url, variables["services__peer__http__0"]);
        Assert.Equal(url, variables["PEER_HTTP"]);
        Assert.Equal("from-configuration", variables["KEY"]);
        Assert.Equal($"at {url}/x {{literal}}", variables["TEXT"]);
        Assert.Equal(app.GetEndpoint("peer").Port.ToString(), variables["PEER_PORT"]);
        Assert.Equal(app.GetEndpoint("probe", "smtp").Port.ToString(), variables["SMTP_PORT"]);
        Assert.Equal(app.GetEndpoint("probe", "http2").Port.ToString(), variables["HTTP2_PORT"]);
        Assert.Equal(app.GetEndpoint("probe", "http").ToString().TrimEnd('/'), variables["ASPNETCORE_URLS"]);
        Assert.Equal("probe", variables["OTEL_SERVICE_NAME"]);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("probe", out var probe));
        Assert.Equal($"probe-{variables["OTEL_RESOURCE_ATTRIBUTES"]!["service.instance.id=".Length..]}", probe.ResourceId);
        Assert.Equal(["one", "two"], (await app.AskProbeAsync<string[]>("probe", "/args", Cancel))!);
    }

    [Fact]
    public async Task Replicas_are_processes_with_ports_of_their_own()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProbe("probe").WithReplicas(2);
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("probe", Cancel);

        var replicas = app.ResourceNotifications.FindInstances("probe");
        await Task.WhenAll(replicas.Select(replica => app.ResourceNotifications.WaitForResourceHealthyAsync(replica.ResourceId, Cancel)));

        var urls = app.ResourceNotifications.FindInstances("probe").Select(replica => Assert.Single(replica.Snapshot.Urls).Url).ToArray();
        Assert.Equal(2, urls.Distinct().Count());
    }

    [Fact]
    public async Task A_parameter_without_a_value_fails_only_who_needs_it_and_says_what_to_set()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProbe("needy").WithEnvironment("KEY", builder.AddParameter("smtp-password", secret: true));
        builder.AddProbe("other");
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        await app.ResourceNotifications.WaitForResourceAsync("needy", KnownResourceStates.FailedToStart, Cancel);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("other", Cancel);
        var lines = await app.LinesOfAsync("needy", Cancel);
        Assert.Contains(lines, line => line.Contains("Parameters__smtp_password", StringComparison.Ordinal));
    }
}
