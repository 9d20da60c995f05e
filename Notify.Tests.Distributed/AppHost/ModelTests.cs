using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Notify.AppHost.Local;

namespace Notify.Tests.Distributed.AppHost;

/// <summary>Which servers the host chooses. Nothing is started.</summary>
[Collection(nameof(CrashTests))]
public sealed class ModelTests : IDisposable
{
    private static readonly string[] s_servers = ["kafka", "redis", "postgres"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("notify-model-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Where_the_orchestrator_says_that_an_engine_runs_servers_are_containers()
    {
        await using var builder = await CreateAsync(
            $"--DcpPublisher:CliPath={Orchestrator("""{"version":"1","containers":{"runtime":"docker","installed":true,"running":true}}""")}"
        );

        Assert.All(s_servers, name => Assert.IsAssignableFrom<ContainerResource>(Resource(builder, name)));
        Assert.DoesNotContain(builder.Resources, resource => resource is LocalServerResource);
    }

    [Fact]
    public async Task Where_it_says_that_none_runs_they_are_processes()
    {
        await using var builder = await CreateAsync(
            $"--DcpPublisher:CliPath={Orchestrator("""{"version":"1","containers":{"runtime":"docker","installed":true,"running":false}}""")}"
        );

        Assert.DoesNotContain(builder.Resources, resource => resource is ContainerResource);
        Assert.IsAssignableFrom<LocalServerResource>(Resource(builder, "postgres"));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_setting_decides_without_asking(string containers)
    {
        await using var builder = await CreateAsync(
            $"--Notify:Containers={containers}",
            $"--DcpPublisher:CliPath={Orchestrator("no answer")}"
        );

        Assert.Equal(containers == "true", Resource(builder, "redis") is ContainerResource);
    }

    [Fact]
    public async Task A_configured_connection_string_replaces_its_server()
    {
        await using var builder = await CreateAsync(
            "--Notify:Containers=false",
            "--ConnectionStrings:kafka=broker:9092",
            "--ConnectionStrings:redis=cache:6379",
            "--ConnectionStrings:notifydb=Host=db"
        );

        Assert.All(["kafka", "redis", "notifydb"], name =>
            Assert.Equal("ConnectionStringParameterResource", Resource(builder, name).GetType().Name)
        );
        Assert.DoesNotContain(builder.Resources, resource => resource is LocalServerResource);
    }

    [Fact]
    public async Task A_service_that_runs_once_listens_at_its_address_itself_and_replicas_share_one()
    {
        await using var builder = await CreateAsync("--Notify:Containers=false", "--Parameters:email-replicas=2");

        Assert.All(["api", "sandbox"], name =>
            Assert.All(Endpoints(name), endpoint => Assert.True(!endpoint.IsProxied && endpoint.Port == endpoint.TargetPort))
        );
        Assert.True(Assert.Single(Endpoints("email")).IsProxied);

        IEnumerable<EndpointAnnotation> Endpoints(string name) => Resource(builder, name).Annotations.OfType<EndpointAnnotation>();
    }

    [Theory]
    [InlineData("""{"containers":{"running":true}}""", true)]
    [InlineData("""{"containers":{"running":false}}""", false)]
    [InlineData("""{"containers":{}}""", true)]
    [InlineData("", true)]
    [InlineData("[]", true)]
    public void An_answer_that_cannot_be_read_leaves_it_to_Aspire(string answer, bool containers) =>
        Assert.Equal(containers, ContainerEngine.Read(answer));

    private static IResource Resource(IDistributedApplicationTestingBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name);

    private Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(
            [$"--Notify:DataFolder={_folder.FullName}/data", .. arguments],
            Cancel
        );

    /// <summary>A program in the orchestrator's place, which answers <c>info</c>.</summary>
    private string Orchestrator(string answer)
    {
        var program = Path.Combine(_folder.FullName, "dcp");
        File.WriteAllText(program, $"#!/bin/sh\n[ \"$1\" = info ] && echo '{answer}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return program;
    }
}
