namespace Notify.Api.Commands;

/// <summary>A tenant and a known key for development, made by <c>migrate</c>; the AppHost sets them in run mode only.</summary>
internal sealed class DevelopmentOptions
{
    public const string SectionName = "Development";

    public string? Tenant { get; set; }

    public string? ApiKey { get; set; }
}
