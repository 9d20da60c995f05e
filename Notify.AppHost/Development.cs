namespace Notify.AppHost;

/// <summary>What a developer gets without asking: a tenant and an API key, in run mode only.</summary>
internal static class Development
{
    public const string ApiKey = "notify-development-key";
    private const string Tenant = "development";

    /// <summary>The key from Parameters:api-key, or a well-known one; a deployment has no development key.</summary>
    public static IResourceBuilder<ParameterResource>? AddDevelopmentApiKey(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode ? builder.AddParameter("api-key", () => ApiKeyOf(builder), secret: true) : null;

    public static string ApiKeyOf(IDistributedApplicationBuilder builder) => builder.Configuration["Parameters:api-key"] ?? ApiKey;

    public static IResourceBuilder<ProjectResource> WithDevelopmentTenant(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<ParameterResource>? apiKey
    ) => apiKey is null ? service : service.WithEnvironment("Development__ApiKey", apiKey).WithEnvironment("Development__Tenant", Tenant);

    /// <summary>Records from other producers that name no tenant belong to the development tenant.</summary>
    public static IResourceBuilder<ProjectResource> WithDefaultTenant(this IResourceBuilder<ProjectResource> service) =>
        service.ApplicationBuilder.ExecutionContext.IsRunMode ? service.WithEnvironment("Router__DefaultTenant", Tenant) : service;
}
