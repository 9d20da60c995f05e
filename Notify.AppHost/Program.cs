using Notify.AppHost;
using Notify.AppHost.Local.Kafka;
using Notify.AppHost.Local.Postgres;
using Notify.AppHost.Local.Redis;
using Notify.AppHost.Providers;
using Notify.AppHost.Running;

var builder = DistributedApplication.CreateBuilder(args);

// Infrastructure: a configured connection string (ConnectionStrings:<name>) replaces the server, in run and publish mode alike.
// Without a container engine the servers of a run are ordinary processes; what is published are always containers.
var kafka = builder.Configured("kafka") ?? builder.AddLocalKafka("kafka") ?? builder.AddKafka("kafka").WithDataVolume();
var redis = builder.Configured("redis") ?? builder.AddLocalRedis("redis") ?? builder.AddRedis("redis");
var database = builder.Configured("notifydb") ?? builder.AddLocalPostgres("postgres", "notifydb")
    ?? (IResourceBuilder<IResourceWithConnectionString>)builder.AddPostgres("postgres").WithDataVolume().AddDatabase("notifydb");

var apiKey = builder.AddDevelopmentApiKey();

// The schema and the topics are brought up to date once, before any service starts.
var migrations = builder.AddProject<Projects.Notify_Api>("migrations", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithDevelopmentTenant(apiKey)
    .WithReference(kafka).WithReference(redis).WithReference(database)
    .WaitFor(kafka).WaitFor(database);

var api = builder.AddProject<Projects.Notify_Api>("api")
    .WithExternalHttpEndpoints()
    .WithDevelopmentTenant(apiKey);

var router = builder.AddProject<Projects.Notify_Workers_Router>("router")
    .WithDefaultTenant();

var sandbox = builder.AddSandbox();
var push = builder.AddProject<Projects.Notify_Workers_Push>("push").WithPushProviders(sandbox);
var email = builder.AddProject<Projects.Notify_Workers_Email>("email").WithEmailProviders(sandbox);
var sms = builder.AddProject<Projects.Notify_Workers_Sms>("sms").WithSmsProviders(sandbox);

foreach (var service in new[] { migrations, api, router, push, email, sms, sandbox }.OfType<IResourceBuilder<ProjectResource>>())
    service.AsBuiltProgram();

foreach (var service in new[] { api, router, push, email, sms })
{
    service.WithReference(kafka).WithReference(redis).WithReference(database)
        .WaitFor(kafka).WaitFor(redis).WaitForCompletion(migrations)
        .WithHttpHealthCheck("/health")
        .WithConfiguredReplicas();
}

builder.AddReadyNotice([api, router, push, email, sms], sandbox);


builder.Build().Run();
