using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.Tests.StandIns.Hosting;

public sealed class AppHostTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_testing_builder_runs_the_entry_point_up_to_the_application()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(["--Parameters:push-replicas=3"], Cancel);
        await using var app = await builder.BuildAsync(Cancel);

        var resources = app.Services.GetRequiredService<DistributedApplicationModel>().Resources;
        Assert.Superset(new HashSet<string> { "kafka", "redis", "postgres", "notifydb", "migrations", "api", "router", "push", "email", "sms", "sandbox" }, resources.Select(resource => resource.Name).ToHashSet());
        Assert.Equal(3, resources.Single(resource => resource.Name == "push").Annotations.OfType<ReplicaAnnotation>().Single().Replicas);
        Assert.Equal(Projects.Notify_AppHost.ProjectPath, builder.AppHostDirectory);
    }

    [Fact]
    public async Task Configured_connection_strings_replace_the_servers()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(
            ["--ConnectionStrings:kafka=broker:9092", "--ConnectionStrings:redis=cache:6379", "--ConnectionStrings:notifydb=Host=db"], Cancel);
        await using var app = await builder.BuildAsync(Cancel);

        Assert.DoesNotContain(builder.Resources, resource => resource is ContainerResource);
        Assert.Equal("broker:9092", await app.GetConnectionStringAsync("kafka", Cancel));
    }

    [Fact]
    public async Task The_manifest_names_every_resource_and_no_sandbox()
    {
        var folder = Directory.CreateTempSubdirectory("notify-manifest-");
        try
        {
            var file = Path.Combine(folder.FullName, "manifest.json");
            await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Notify_AppHost>(["--publisher", "manifest", "--output-path", file], Cancel);
            await using var app = await builder.BuildAsync(Cancel);
            await app.Services.GetRequiredService<ManifestPublisher>().PublishAsync(Cancel);

            using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancel));
            var resources = manifest.RootElement.GetProperty("resources");
            string TypeOf(string name) => resources.GetProperty(name).GetProperty("type").GetString()!;
            Assert.All(["kafka", "redis", "postgres"], name => Assert.Equal("container.v0", TypeOf(name)));
            Assert.All(["migrations", "api", "router", "push", "email", "sms"], name => Assert.Equal("project.v0", TypeOf(name)));
            Assert.Equal("value.v0", TypeOf("notifydb"));
            Assert.All(["fcm-project-id", "apns-team-id", "smtp-host", "twilio-account-sid"], name => Assert.Equal("parameter.v0", TypeOf(name)));
            Assert.True(resources.GetProperty("twilio-auth-token").GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean());
            Assert.Equal("{kafka.connectionString}", resources.GetProperty("api").GetProperty("env").GetProperty("ConnectionStrings__kafka").GetString());
            Assert.Equal("migrate", resources.GetProperty("migrations").GetProperty("args")[0].GetString());
            Assert.True(resources.GetProperty("api").GetProperty("bindings").GetProperty("http").GetProperty("external").GetBoolean());
            Assert.DoesNotContain("sandbox", manifest.RootElement.GetRawText(), StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
