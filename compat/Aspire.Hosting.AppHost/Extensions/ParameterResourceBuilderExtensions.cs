using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(CreateParameter(builder, name, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => valueGetter(), secret) { Default = new ConstantParameterDefault(valueGetter, publishValueAsDefault) });

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, Kept(builder, name, persist), secret) { Default = value });

    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, fallback => Configured(builder, name, configurationKey, fallback), secret));

    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        return builder;
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(name, _ => builder.Configuration.GetConnectionString(name)
            ?? throw new MissingParameterException($"The connection string of '{name}' is missing: set ConnectionStrings:{name} (in the environment ConnectionStrings__{name})."), environmentVariableName)
        { IsConnectionString = true });

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    public static ParameterResource CreateParameter(IDistributedApplicationBuilder builder, string name, bool secret) =>
        new(name, fallback => Configured(builder, name, $"Parameters:{name}", fallback), secret);

    /// <summary>A password that is made once and kept with the application's local data, so that what it guards stays usable.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true,
        int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0) =>
        new(name, Kept(builder, name, persist: true), secret: true)
        {
            Default = new GenerateParameterDefault { Lower = lower, Upper = upper, Numeric = numeric, Special = special },
        };

    private static string Configured(IDistributedApplicationBuilder builder, string name, string key, ParameterDefault? fallback) =>
        builder.Configuration[key] ?? builder.Configuration[key.Replace('-', '_')] ?? fallback?.GetDefaultValue()
        ?? throw new MissingParameterException($"The parameter '{name}' has no value: set {key} (in the environment {key.Replace(":", "__", StringComparison.Ordinal).Replace('-', '_')}).");

    private static Func<ParameterDefault?, string> Kept(IDistributedApplicationBuilder builder, string name, bool persist) => fallback =>
    {
        var configured = builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];
        if (configured is not null || !persist)
            return configured ?? Configured(builder, name, $"Parameters:{name}", fallback);
        return LocalFolders.Of(builder).KeepSecret(name, () => Configured(builder, name, $"Parameters:{name}", fallback));
    };
}
