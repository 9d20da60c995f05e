using k8s.Models;
using Notify.Core.Messaging;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>deploy/helm/notify says the same as the AppHost's manifest, in words that Kubernetes takes.</summary>
public sealed class ChartTests
{
    private const string Port = "8080";

    /// <summary>What the manifest leaves to whoever deploys: how topics are made.</summary>
    private static readonly string[] s_beyondTheManifest = ["Kafka__Partitions", "Kafka__ReplicationFactor", "Kafka__MinInSyncReplicas"];

    [Fact]
    public async Task Chart_has_every_service_of_the_manifest_and_no_other()
    {
        var manifest = await AppHostManifest.GetAsync();
        var chart = await Helm.RenderAsync("-f", DeployFiles.FullValues);

        var containers = Containers(chart);
        Assert.Equal(manifest.Services.Select(service => service.Name).Order(), containers.Keys.Order());
        Assert.DoesNotContain("sandbox", containers.Keys);
        Assert.All(manifest.Services, service => Assert.Equal(service.Arguments, containers[service.Name].Args ?? []));
    }

    [Fact]
    public async Task Pods_have_every_variable_of_the_manifest_and_no_other()
    {
        var manifest = await AppHostManifest.GetAsync();
        var containers = Containers(await Helm.RenderAsync("-f", DeployFiles.FullValues));

        foreach (var service in manifest.Services)
        {
            var names = containers[service.Name].Env.Select(variable => variable.Name);
            Assert.Equal(service.Variables.Keys.Order(), names.Except(s_beyondTheManifest).Order());
        }
    }

    [Fact]
    public async Task Secrets_and_connection_strings_come_from_secrets_and_nothing_else_does()
    {
        var manifest = await AppHostManifest.GetAsync();
        var chart = await Helm.RenderAsync("-f", DeployFiles.FullValues);
        var secrets = chart.Select(item => item.Typed).OfType<V1Secret>().ToDictionary(secret => secret.Metadata.Name);

        foreach (var service in manifest.Services)
        {
            foreach (var variable in Containers(chart)[service.Name].Env.Where(variable => service.Variables.ContainsKey(variable.Name)))
            {
                var secret =
                    ManifestService.IsConnectionString(variable.Name)
                    || manifest.ParameterOf(service.Variables[variable.Name]) is { IsSecret: true };
                Assert.True(secret == (variable.ValueFrom?.SecretKeyRef is not null), $"{service.Name}: {variable.Name}");
                if (variable.ValueFrom?.SecretKeyRef is { } reference)
                    Assert.Contains(reference.Key, secrets[reference.Name].StringData);
            }
        }
    }

    [Fact]
    public async Task What_is_not_set_is_left_out_or_has_the_default_of_the_manifest()
    {
        var manifest = await AppHostManifest.GetAsync();
        var containers = Containers(await Helm.RenderAsync("--set", "connections.existingSecret=mine"));

        foreach (var service in manifest.Services)
        {
            var given = containers[service.Name]
                .Env.Where(variable => variable.Value is not null)
                .ToDictionary(variable => variable.Name, variable => variable.Value);
            foreach (var (name, value) in service.Variables)
            {
                if (manifest.ParameterOf(value) is { IsSecret: false } parameter)
                    Assert.Equal((name, parameter.Default ?? ""), (name, given.GetValueOrDefault(name, "")));
            }
        }
    }

    [Fact]
    public async Task Pods_listen_where_they_are_asked_and_only_the_api_is_reached_from_outside()
    {
        var manifest = await AppHostManifest.GetAsync();
        var chart = await Helm.RenderAsync("-f", DeployFiles.FullValues);

        foreach (var service in manifest.Services.Where(service => service.Listens))
        {
            var container = Containers(chart)[service.Name];
            Assert.Equal(Port, container.Env.Single(variable => variable.Name == "HTTP_PORTS").Value);
            Assert.Equal((int.Parse(Port), "http"), (Assert.Single(container.Ports).ContainerPort, container.Ports[0].Name));
            Assert.Equal(("/alive", "http"), (container.LivenessProbe.HttpGet.Path, container.LivenessProbe.HttpGet.Port.Value));
            Assert.Equal(("/health", "http"), (container.ReadinessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Port.Value));
        }
        var external = manifest.Services.Where(service => service.IsExternal).Select(service => service.Name).ToList();
        Assert.Equal(external, chart.Where(item => item.Kind == "Service").Select(item => item.Component));
        Assert.Equal(external, chart.Where(item => item.Kind == "Ingress").Select(item => item.Component));
    }

    [Fact]
    public async Task Pods_have_no_rights_and_time_to_stop()
    {
        var chart = await Helm.RenderAsync("-f", DeployFiles.FullValues);

        foreach (var pod in Pods(chart))
        {
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(Assert.Single(pod.Containers).SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal("/tmp", Assert.Single(pod.Containers[0].VolumeMounts).MountPath);
        }
        Assert.All(chart.Select(item => item.Typed).OfType<V1Deployment>(), deployment =>
            Assert.True(deployment.Spec.Template.Spec.TerminationGracePeriodSeconds >= 45)
        );
    }

    [Fact]
    public async Task Workers_scale_by_the_lag_of_their_lanes_and_by_waiting_rows()
    {
        var scaled = (await Helm.RenderAsync("-f", DeployFiles.FullValues)).Where(item => item.Kind == "ScaledObject").ToList();

        Assert.Equal(["email", "push", "router", "sms"], scaled.Select(item => item.Component).Order());
        foreach (var item in scaled)
        {
            var spec = item.Yaml.Find("spec")!;
            var triggers = spec.Items("triggers").ToLookup(trigger => trigger.Text("type")!, trigger => trigger.Find("metadata")!);
            var prefix = item.Component == "router" ? "notifications." : $"deliveries.{item.Component}.";
            var topics = Topics.All.Where(topic => topic.StartsWith(prefix, StringComparison.Ordinal));
            Assert.Equal(
                topics.Select(topic => (topic, $"notify.{item.Component}.{topic.Split('.')[^1]}")).Order(),
                triggers["kafka"].Select(trigger => (trigger.Text("topic")!, trigger.Text("consumerGroup")!)).Order()
            );
            Assert.All(triggers["kafka"], trigger => Assert.InRange(int.Parse(trigger.Text("lagThreshold")!), 100, 999));
            Assert.Single(triggers["postgresql"]);
            Assert.True(int.Parse(spec.Text("minReplicaCount")!) >= 1);
            Assert.InRange(int.Parse(spec.Text("maxReplicaCount")!), 1, new KafkaOptions().Partitions);
            Assert.True(int.Parse(spec.Text("cooldownPeriod")!) >= 300);
            var down = spec.Find("advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown")!;
            Assert.Equal(spec.Text("cooldownPeriod"), down.Text("stabilizationWindowSeconds"));
        }
    }

    [Fact]
    public async Task No_worker_has_more_replicas_than_there_are_partitions()
    {
        var chart = await Helm.RenderAsync("-f", DeployFiles.FullValues, "--set", "kafka.partitions=4");

        Assert.All(chart.Where(item => item.Kind == "ScaledObject"), item =>
            Assert.InRange(int.Parse(item.Yaml.Find("spec")!.Text("maxReplicaCount")!), 1, 4)
        );
    }

    [Fact]
    public async Task Kafka_with_a_login_is_used_by_services_and_by_the_scaler()
    {
        var chart = await Helm.RenderAsync(
            "-f",
            DeployFiles.FullValues,
            "--set",
            "kafka.securityProtocol=SaslSsl,kafka.saslMechanism=ScramSha512,kafka.saslExistingSecret=mine"
        );

        foreach (var container in Containers(chart).Values)
        {
            foreach (var client in new[] { "Producer", "Consumer" })
            {
                var prefix = $"Aspire__Confluent__Kafka__{client}__Config__";
                Assert.Equal("SaslSsl", container.Env.Single(variable => variable.Name == $"{prefix}SecurityProtocol").Value);
                Assert.Equal(
                    "mine",
                    container.Env.Single(variable => variable.Name == $"{prefix}SaslPassword").ValueFrom.SecretKeyRef.Name
                );
            }
        }
        var triggers = chart.First(item => item.Kind == "ScaledObject").Yaml.Find("spec")!.Items("triggers");
        var lag = triggers.First(trigger => trigger.Text("type") == "kafka").Find("metadata")!;
        Assert.Equal(("scram_sha512", "enable"), (lag.Text("sasl"), lag.Text("tls")));
    }

    [Theory]
    [InlineData("terminationGracePeriodSeconds=20", "terminationGracePeriodSeconds")]
    [InlineData("keda.cooldownPeriod=30", "cooldownPeriod")]
    [InlineData("providers.twilio.endpoint=api.twilio.com", "endpoint")]
    [InlineData("connections.kafka=", "connections.kafka is missing")]
    [InlineData("providers.smpt.host=mail", "smpt")]
    public async Task Values_that_cannot_work_are_refused(string set, string complaint)
    {
        var run = await Helm.RunAsync("-f", DeployFiles.FullValues, "--set", set);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
    }

    private static Dictionary<string, V1Container> Containers(IEnumerable<KubernetesObject> chart) =>
        Pods(chart).SelectMany(pod => pod.Containers).ToDictionary(container => container.Name);

    private static IEnumerable<V1PodSpec> Pods(IEnumerable<KubernetesObject> chart) =>
        chart
            .Select(item =>
                item.Typed switch
                {
                    V1Deployment deployment => deployment.Spec.Template.Spec,
                    V1Job job => job.Spec.Template.Spec,
                    _ => null,
                }
            )
            .OfType<V1PodSpec>();
}
