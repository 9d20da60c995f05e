namespace Notify.Tests.Distributed.Deploy;

/// <summary>deploy/compose/compose.yaml says the same as the AppHost's manifest.</summary>
public sealed class ComposeTests
{
    /// <summary>What the manifest leaves to whoever deploys: how topics are made, and where telemetry goes.</summary>
    private static readonly string[] s_beyondTheManifest =
    [
        "Kafka__Partitions",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
    ];

    private static readonly string[] s_secretEndings = ["PASSWORD", "TOKEN", "KEY"];

    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public async Task Compose_has_every_service_and_server_of_the_manifest_and_no_other()
    {
        var manifest = await AppHostManifest.GetAsync();

        var names = manifest.Services.Select(service => service.Name).Concat(manifest.Servers.Select(server => server.Name));
        Assert.Equal(names.Order(), _compose.Services.Keys.Order());
        Assert.DoesNotContain("sandbox", _compose.Services.Keys);
        foreach (var service in manifest.Services)
        {
            var given = _compose.Services[service.Name].TryGetValue("command", out var command) ? ComposeFile.List(command) : [];
            Assert.Equal(service.Arguments, given);
        }
    }

    [Fact]
    public async Task Services_have_every_variable_of_the_manifest_and_no_other()
    {
        var manifest = await AppHostManifest.GetAsync();

        foreach (var service in manifest.Services)
            Assert.Equal(service.Variables.Keys.Order(), _compose.VariablesOf(service.Name).Keys.Except(s_beyondTheManifest).Order());
    }

    [Fact]
    public async Task Every_parameter_of_the_manifest_is_a_setting_of_its_name_and_default()
    {
        var manifest = await AppHostManifest.GetAsync();

        foreach (var service in manifest.Services)
        {
            foreach (var (name, value) in service.Variables)
            {
                if (manifest.ParameterOf(value) is not { } parameter)
                    continue;
                var setting = ComposeFile.VariableOf(_compose.VariablesOf(service.Name)[name]);
                Assert.NotNull(setting);
                Assert.Equal((parameter.Name.ToUpperInvariant().Replace('-', '_'), parameter.Default ?? ""), setting.Value);
            }
        }
    }

    [Fact]
    public void Settings_file_names_every_setting_and_holds_no_secret()
    {
        var settings = File.ReadAllLines(DeployFiles.ComposeSettings)
            .Where(line => line is [not '#', ..])
            .Select(line => line.Split('=', 2))
            .ToDictionary(setting => setting[0], setting => setting[1]);

        // The protocol of telemetry and the partitions are for those who read compose.yaml itself.
        var asked = ComposeFile.AllVariables().Except(["KAFKA_PARTITIONS", "OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal(asked.Order(), settings.Keys.Except(["COMPOSE_PROFILES"]).Order());
        var secrets = settings.Where(setting =>
            Array.Exists(s_secretEndings, ending => setting.Key.EndsWith(ending, StringComparison.Ordinal))
        );
        Assert.All(secrets, secret => Assert.Empty(secret.Value));
    }

    [Fact]
    public async Task Services_start_after_the_servers_and_the_migration_and_have_time_to_stop()
    {
        var manifest = await AppHostManifest.GetAsync();

        foreach (var service in manifest.Services)
        {
            var needs = _compose.NeedsOf(service.Name);
            var servers = needs.Where(need => need.Value == "service_healthy").Select(need => need.Key);
            Assert.Equal(service.Listens ? ["kafka", "postgres", "redis"] : ["kafka", "postgres"], servers.Order());
            if (!service.Listens)
                continue;
            Assert.Equal("service_completed_successfully", needs["migrations"]);
            Assert.Equal("45s", _compose.Services[service.Name]["stop_grace_period"]);
            Assert.Equal("unless-stopped", _compose.Services[service.Name]["restart"]);
            Assert.Equal("8080", _compose.VariablesOf(service.Name)["HTTP_PORTS"]);
            Assert.Equal(service.IsExternal, _compose.Services[service.Name].ContainsKey("ports"));
        }
    }

    [Fact]
    public async Task Servers_are_those_of_the_manifest_and_keep_their_data()
    {
        var manifest = await AppHostManifest.GetAsync();

        foreach (var server in manifest.Servers)
        {
            var service = _compose.Services[server.Name];
            Assert.True(service.ContainsKey("healthcheck"), server.Name);
            Assert.False(service.ContainsKey("ports"), $"{server.Name} can be reached from outside");
            var kept =
                service.TryGetValue("volumes", out var volumes) && _compose.Volumes.Contains(ComposeFile.List(volumes)[0].Split(':')[0]);
            Assert.Equal(server.KeepsData, kept);
            // Aspire's image of Kafka is made for development; compose takes the project's own.
            if (server.Name != "kafka")
                Assert.Equal(server.Image, service["image"]);
        }
    }
}
