using System.Text.Json;
using Notify.Sandbox.Control;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>Sets how the stand-ins misbehave.</summary>
internal static class BehavioursApi
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    public static IEndpointRouteBuilder MapBehaviours(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sandbox/behaviours");
        group.MapGet("/", (BehaviourSet set) => Show(set.All));
        group.MapPut("/", PutAsync);
        group.MapDelete("/", (BehaviourSet set) =>
        {
            set.Remove(_ => true);
            return Results.NoContent();
        });
        group.MapGet("/{provider}", (string provider, string? address, BehaviourSet set) =>
            Which(provider, address) is { } which ? Show(set.All.Where(one => which(one.Settings))) : UnknownProvider()
        );
        group.MapPut("/{provider}", PutOneAsync);
        group.MapDelete("/{provider}", (string provider, string? address, BehaviourSet set) =>
        {
            if (Which(provider, address) is not { } which)
                return UnknownProvider();
            return set.Remove(which) > 0 || address is null ? Results.NoContent() : Results.NotFound();
        });
        return routes;
    }

    /// <summary>
    /// An object adds or replaces one; an array replaces all, and several of one provider and address in it come one after the other.
    /// </summary>
    private static async Task<IResult> PutAsync(HttpRequest request, BehaviourSet set, CancellationToken cancellationToken)
    {
        if (await ReadAsync(request, cancellationToken) is not { } json)
            return NoJson();
        if (json.ValueKind != JsonValueKind.Array)
            return PutOne(json, null, null, set);

        var (script, errors) = BehaviourReader.ReadAll(json);
        if (script is null)
            return Results.ValidationProblem(errors);
        set.Replace(script);
        return Show(set.All);
    }

    private static async Task<IResult> PutOneAsync(
        string provider,
        string? address,
        HttpRequest request,
        BehaviourSet set,
        CancellationToken cancellationToken
    )
    {
        if (ProviderNames.Parse(provider) is not { } known)
            return UnknownProvider();
        return await ReadAsync(request, cancellationToken) is { } json ? PutOne(json, known, address, set) : NoJson();
    }

    private static IResult PutOne(JsonElement json, Provider? provider, string? address, BehaviourSet set)
    {
        var reader = new BehaviourReader();
        return reader.Read(json, provider, string.IsNullOrEmpty(address) ? null : address) is { } settings
            ? Results.Json(BehaviourView.Of(set.Put(settings)), SandboxJson.Readable.BehaviourView)
            : Results.ValidationProblem(reader.Errors);
    }

    private static Func<BehaviourSettings, bool>? Which(string provider, string? address) =>
        ProviderNames.Parse(provider) is { } known
            ? settings =>
                settings.Provider == known
                && (address is null || string.Equals(settings.Address, address, StringComparison.OrdinalIgnoreCase))
            : null;

    private static async Task<JsonElement?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Show(IEnumerable<Behaviour> behaviours) =>
        Results.Json([.. behaviours.Select(BehaviourView.Of)], SandboxJson.Readable.BehaviourViewArray);

    private static IResult NoJson() => Results.ValidationProblem(new Dictionary<string, string[]> { ["body"] = ["must be JSON"] });

    private static IResult UnknownProvider() =>
        Results.ValidationProblem(
            new Dictionary<string, string[]> { ["provider"] = ["must be one of fcm, apns, twilio, gateway, smtp, sendgrid, token"] }
        );
}
