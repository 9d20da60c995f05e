using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>A behaviour in force, as the control API shows it.</summary>
internal sealed record BehaviourView(
    string Provider,
    string? Address,
    int LatencyMs,
    int? Status,
    string? Code,
    string? Body,
    string? RetryAfter,
    string Drop,
    string? At,
    double Probability,
    long? Times,
    long Applied
)
{
    public static BehaviourView Of(Behaviour behaviour)
    {
        var settings = behaviour.Settings;
        return new BehaviourView(
            ProviderNames.NameOf(settings.Provider),
            settings.Address,
            settings.LatencyMs,
            settings.Status,
            settings.Code,
            settings.Body,
            settings.RetryAfter,
            JsonNamingPolicy.CamelCase.ConvertName(settings.Drop.ToString()),
            settings.Provider == Recording.Provider.Smtp ? JsonNamingPolicy.CamelCase.ConvertName(settings.At.ToString()) : null,
            settings.Probability,
            settings.Times,
            behaviour.Applied
        );
    }
}
