using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Notify.AppHost;
using Notify.AppHost.Commands;
using Notify.AppHost.Console;
using Notify.AppHost.Hosting;
using Notify.AppHost.Local.Kafka;
using Notify.AppHost.Local.Postgres;
using Notify.AppHost.Local.Redis;
using Notify.AppHost.Providers;
using Notify.AppHost.Running;

if (args is ["info"])
    return RunInfo.Print();

HostConsole.ExplainRefusals();
HostAddresses.ChooseForDashboard();
var builder = DistributedApplication.CreateBuilder(args);

// Infrastructure: a configured connection string (ConnectionStrings:<name>) replaces the server, in run and publish mode alike.
// Without a container engine the servers of a run are ordinary processes; what is published are always containers.
var kafka = builder.Configured("kafka") ?? builder.AddLocalKafka("kafka") ?? builder.AddKafka("kafka").WithDataVolume();
var redis = builder.Configured("redis") ?? builder.AddLocalRedis("redis") ?? builder.AddRedis("redis");
var database = builder.Configured("notifydb")
    ?? builder.AddLocalPostgres("postgres", "notifydb")
    ?? (IResourceBuilder<IResourceWithConnectionString>)builder.AddPostgres("postgres").WithDataVolume().AddDatabase("notifydb");

var apiKey = builder.AddDevelopmentApiKey();
var sandbox = builder.AddSandbox();

// The schema and the topics are brought up to date once, before any service starts.
var migrations = builder
    .AddProject<Projects.Notify_Api>("migrations", options => options.ExcludeLaunchProfile = true)
    .WithArgs("migrate")
    .WithAnnotation(new RunsOnceAnnotation())
    .WithDevelopmentTenant(apiKey)
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
    .WithReference(kafka)
    .WithReference(redis)
    .WithReference(database)
    .WaitFor(kafka)
    .WaitFor(database);

var api = builder
    .AddProject<Projects.Notify_Api>("api")
    .WithExternalHttpEndpoints()
    .WithDevelopmentTenant(apiKey)
    .WithApiCommands(Development.ApiKeyOf(builder), hasSandbox: sandbox is not null)
    .WithUrlForEndpoint("http", url => url.DisplayText = "API")
    .WithUrlForEndpoint("http", _ => new() { Url = "/openapi/v1.json", DisplayText = "OpenAPI" });
sandbox?.LinkTo(api, apiKey);

var router = builder.AddProject<Projects.Notify_Workers_Router>("router").WithDefaultTenant();

var push = builder.AddProject<Projects.Notify_Workers_Push>("push").WithPushProviders(sandbox).WithPause();
var email = builder.AddProject<Projects.Notify_Workers_Email>("email").WithEmailProviders(sandbox).WithPause();
var sms = builder.AddProject<Projects.Notify_Workers_Sms>("sms").WithSmsProviders(sandbox).WithPause();

IResourceBuilder<ProjectResource>[] services = [api, router, push, email, sms];
foreach (var service in services)
{
    service
        .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
        .WithReference(kafka)
        .WithReference(redis)
        .WithReference(database)
        .WaitFor(kafka)
        .WaitFor(redis)
        .WaitForCompletion(migrations)
        .WithServiceHealth()
        .WithConfiguredReplicas();
}

builder.ChooseForServices();
builder.RunAsBuilt();
builder.AddHostServices(new NoticedResources(sandbox is null ? services : [.. services, sandbox], kafka, redis, database));
await builder.Build().RunAsync();
return 0;
