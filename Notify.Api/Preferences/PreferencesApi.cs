using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Api.Recipients;
using Notify.Core.Notifications;
using Notify.Core.Preferences;

namespace Notify.Api.Preferences;

/// <summary>What somebody wants and does not want.</summary>
internal static class PreferencesApi
{
    private const int MaxBytes = 64 * 1024;

    public static void MapPreferences(this IEndpointRouteBuilder recipients)
    {
        recipients
            .MapGet("/{id}/preferences", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetPreferencesOfRecipient")
            .WithSummary("What a recipient wants and does not want")
            .WithDescription("An empty object where they have said nothing. The header ETag is what If-Match of the next change takes.")
            .Produces<PreferenceDocument>()
            .ProducesProblems(401, 403, 404, 503);
        recipients
            .MapPut("/{id}/preferences", PutAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutPreferencesOfRecipient")
            .WithSummary("Replace what a recipient wants")
            .WithDescription(
                "The whole document: what is left out is nothing said. It holds from the answer on, also for messages that are queued or wait: none of them is sent before it was decided again. If-Match with the ETag of the last read keeps two changes from overwriting each other."
            )
            .Accepts<PreferenceDocument>("application/json")
            .Produces<PreferenceDocument>()
            .ProducesProblems(400, 401, 403, 404, 412, 413, 415, 422, 503);
        recipients
            .MapPatch("/{id}/preferences", PatchAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PatchPreferencesOfRecipient")
            .WithSummary("Change a part of what a recipient wants")
            .WithDescription(
                "A JSON merge patch (RFC 7396): a member replaces what is there, null takes it away, and lists are replaced as a whole. Otherwise like PUT."
            )
            .Accepts<PreferenceDocument>("application/merge-patch+json", "application/json")
            .Produces<PreferenceDocument>()
            .ProducesProblems(400, 401, 403, 404, 412, 413, 415, 422, 503);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext http, PreferenceStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(http.Caller().Tenant, id, cancellationToken) is { } kept
            ? Answer(http, kept.Json ?? "{}", kept.Version)
            : RecipientsApi.NotFound(id);

    private static async Task<IResult> PutAsync(string id, HttpContext http, PreferenceStore store, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "Preferences", cancellationToken);
        if (body is null)
            return problem!;
        var (document, error) = RequestBody.Parse(body, PreferenceJson.Strict.PreferenceDocument);
        return document is null ? Problem.Malformed(error!) : await ChangeAsync(id, http, store, _ => (document, null), cancellationToken);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext http, PreferenceStore store, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "Preferences", cancellationToken);
        if (body is null)
            return problem!;
        // What the patch itself says wrong is told with its place in the patch; a patch may say null where a document may not.
        try
        {
            if (JsonRules.Check(body) is { } broken)
                return Problem.Malformed(broken);
        }
        catch (JsonException fault)
        {
            return Problem.Malformed(RequestBody.ErrorOf(fault));
        }
        return await ChangeAsync(
            id,
            http,
            store,
            kept =>
                RequestBody.Parse(
                    JsonMergePatch.Apply(Encoding.UTF8.GetBytes(kept.Json ?? "{}"), body),
                    PreferenceJson.Strict.PreferenceDocument
                ),
            cancellationToken
        );
    }

    private static async Task<IResult> ChangeAsync(
        string id,
        HttpContext http,
        PreferenceStore store,
        Func<KeptPerson, (PreferenceDocument? Document, FieldError? Error)> make,
        CancellationToken cancellationToken
    )
    {
        var caller = http.Caller();
        var categories = await store.CategoriesAsync(caller.Tenant, cancellationToken);
        FieldError? malformed = null;
        var change = await store.ChangeAsync(
            caller.Tenant,
            id,
            caller.KeyId,
            version => IsExpected(http.Request, version),
            kept =>
            {
                (var document, malformed) = make(kept);
                if (document is null)
                    return (null, [malformed!]);
                // What was said once may stay, also of a category that is gone: a change of something else must not trip over it.
                var before = kept.Json is null ? PersonPreferences.None : PersonPreferences.FromJson(Encoding.UTF8.GetBytes(kept.Json));
                var (preferences, errors) = PreferenceReader.Read(document, category =>
                    categories.Contains(category) || before.Categories.ContainsKey(category)
                );
                return preferences is { QuietHours: { Zone: null } } && !kept.HasZone ? (null, [NoZone()]) : (preferences, errors);
            },
            cancellationToken
        );
        return change.Outcome switch
        {
            PreferenceOutcome.Written => Answer(http, change.Json!, change.Version),
            PreferenceOutcome.NoRecipient => RecipientsApi.NotFound(id),
            PreferenceOutcome.Stale => ConsentProblems.Stale(http, EntityTag(change.Version)),
            _ => malformed is null ? Problem.Invalid(change.Errors!) : Problem.Malformed(malformed),
        };
    }

    /// <summary>Whether If-Match allows a change of this version; without the header, every one, and none where it holds no tag. (RFC 9110
    /// §13.1.1.)</summary>
    private static bool IsExpected(HttpRequest request, long version) =>
        request.Headers.IfMatch.Count == 0
        || request
            .GetTypedHeaders()
            .IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(EntityTag(version), StringComparison.Ordinal));

    private static string EntityTag(long version) => $"\"{version}\"";

    private static FieldError NoZone() =>
        new(
            "quietHours.zone",
            "required",
            "Neither the recipient nor the tenant has a time zone: name one here, in the recipient's timeZone, or for all with PUT /v1/settings."
        );

    private static IResult Answer(HttpContext http, string json, long version)
    {
        http.Response.Headers.ETag = EntityTag(version);
        return Results.Text(json, "application/json", Encoding.UTF8);
    }
}
