using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.Core.Hosting;

/// <summary>
/// A check's result with a reason that <c>/health</c> shows to anybody: in our own words, without an address, a user or a secret.
/// Descriptions of other checks come from drivers and stay out of it.
/// </summary>
public static class HealthReason
{
    /// <summary>Under this name the reason stands in the result's data.</summary>
    public const string Key = "reason";

    public static HealthCheckResult Of(HealthStatus status, string reason) =>
        new(status, reason, data: new Dictionary<string, object> { [Key] = reason });
}
