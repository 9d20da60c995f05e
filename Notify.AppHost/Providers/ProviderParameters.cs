using Service = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.ProjectResource>;

namespace Notify.AppHost.Providers;

/// <summary>
/// Settings of a service that a parameter fills. Published, each of them is a parameter of the deployment; in run mode an optional one is
/// left out while it has no value (user secrets or configuration, Parameters:&lt;name&gt;).
/// </summary>
internal static class ProviderParameters
{
    public static bool IsSet(this Service service, string parameter) =>
        !string.IsNullOrWhiteSpace(service.ApplicationBuilder.Configuration[$"Parameters:{parameter}"]);

    /// <summary>A deployment is asked for every parameter; a provider whose own are left empty is off.</summary>
    public static bool MayUse(this Service service, string parameter) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode || service.IsSet(parameter);

    public static Service WithParameter(this Service service, string variable, string parameter, bool secret = false) =>
        service.WithEnvironment(variable, service.ApplicationBuilder.AddParameter(parameter, secret));

    public static Service WithOptionalParameter(this Service service, string variable, string parameter, bool secret = false) =>
        service.MayUse(parameter) ? service.WithParameter(variable, parameter, secret) : service;

    /// <summary>
    /// An address, a number or a choice that has a default. The manifest names the default, so that nobody is asked for it and no service
    /// starts with an empty text where an address or a number has to be.
    /// </summary>
    /// <param name="service">The service that is told.</param>
    /// <param name="variable">Its environment variable.</param>
    /// <param name="parameter">The parameter's name.</param>
    /// <param name="published">The service's own default; empty only where the service reads an empty text as "not set".</param>
    public static Service WithTuning(this Service service, string variable, string parameter, string published) =>
        service.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? service.WithEnvironment(variable, service.ApplicationBuilder.AddParameter(parameter, published, publishValueAsDefault: true))
            : service.WithOptionalParameter(variable, parameter);
}
