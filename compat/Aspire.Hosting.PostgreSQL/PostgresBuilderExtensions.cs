using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;
using Aspire.Hosting.PostgreSQL.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var passwordParameter = password?.Resource ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var postgres = new PostgresServerResource(name, userName?.Resource, passwordParameter);
        builder.Eventing.Subscribe<ResourceReadyEvent>(postgres, (_, cancellationToken) => PostgresDatabases.CreateAsync(postgres, cancellationToken));
        var resource = builder.AddResource(postgres)
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/postgres", Tag = "18.3" })
            .WithAnnotation(new LocalServerAnnotation(async (context, cancellationToken) => await PostgresServer.PrepareAsync(
                context, (await postgres.UserNameReference.GetValueAsync(cancellationToken))!, (await passwordParameter.GetValueAsync(cancellationToken))!, cancellationToken)))
            .WithPostgresCheck($"{name}_check", postgres, "postgres");
        return builder.ExecutionContext.IsPublishMode
            ? resource
                .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
                .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
                .WithEnvironment("POSTGRES_USER", postgres.UserNameReference)
                .WithEnvironment("POSTGRES_PASSWORD", ReferenceExpression.Create($"{passwordParameter}"))
            : resource;
    }

    /// <summary>The database is created as soon as the server is ready.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database).WithPostgresCheck($"{name}_check", builder.Resource, database.DatabaseName);
    }

    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/var/lib/postgresql", isReadOnly);

    private static IResourceBuilder<T> WithPostgresCheck<T>(this IResourceBuilder<T> builder, string key, PostgresServerResource server, string database) where T : IResource
    {
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new PostgresHealthCheck(server, database), failureStatus: null, tags: null));
        return builder.WithHealthCheck(key);
    }
}
