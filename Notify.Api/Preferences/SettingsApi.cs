using System.Text.Json;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Tenants;
using Notify.Core.Time;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Api.Preferences;

/// <summary>What holds for all people of a tenant who have said nothing.</summary>
internal static class SettingsApi
{
    private const int MaxBytes = 16 * 1024;

    private const string PutSql = """
        UPDATE tenants SET time_zone = @zone, default_channels = @channels::jsonb, strict_categories = @strict,
                           consent_version = consent_version + 1
         WHERE tenant_id = @tenant
        """;

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/settings").WithTags("Consent");
        group
            .MapGet("/", FindAsync)
            .RequireScope(Scopes.Read)
            .WithName("GetSettings")
            .WithSummary("What holds for all people of the tenant")
            .Produces<SettingsDocument>()
            .ProducesProblems(401, 403, 503);
        group
            .MapPut("/", PutAsync)
            .RequireScope(Scopes.Manage)
            .WithName("PutSettings")
            .WithSummary("Set what holds for all people of the tenant")
            .WithDescription(
                "The whole document: what is left out has its default. It holds within five seconds for what is not routed yet and for what comes out of waiting; what is queued is not taken back."
            )
            .Accepts<SettingsDocument>("application/json")
            .Produces<SettingsDocument>()
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);
    }

    private static async Task<IResult> FindAsync(HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        Answer((await TenantRows.FindAsync(database, http.Caller().Tenant, cancellationToken))?.Consent ?? TenantConsent.None);

    private static async Task<IResult> PutAsync(HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, MaxBytes, "The settings", cancellationToken);
        if (body is null)
            return problem!;
        var (document, error) = RequestBody.Parse(body, ApiJson.Strict.SettingsDocument);
        if (document is null)
            return Problem.Malformed(error!);
        var (consent, errors) = Read(document);
        if (consent is null)
            return Problem.Invalid(errors);
        await using var command = database.CreateCommand(PutSql);
        command.Parameters.Add(new("tenant", http.Caller().Tenant));
        command.Parameters.Add(new("zone", consent.Zone!.Id));
        command.Parameters.Add(
            new("channels", NpgsqlDbType.Text)
            {
                Value = consent.Channels.ToNames() is { } channels
                    ? JsonSerializer.Serialize(channels, ApiJson.Answers.IReadOnlyDictionaryStringBoolean)
                    : DBNull.Value,
            }
        );
        command.Parameters.Add(new("strict", consent.IsStrict));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return Answer(consent);
    }

    /// <summary>The settings, or what is wrong with them.</summary>
    private static (TenantConsent? Consent, IReadOnlyList<FieldError> Errors) Read(SettingsDocument document)
    {
        var errors = new List<FieldError>();
        if (!Zones.TryParse(document.TimeZone, out var zone, out var refusal))
            errors.Add(new("timeZone", refusal.Rule, refusal.Message));
        var channels = PreferenceReader.ReadChannels(document.Channels, "channels", errors);
        return errors.Count > 0 ? (null, errors) : (new(zone, channels, document.StrictCategories ?? false), errors);
    }

    private static IResult Answer(TenantConsent consent) =>
        Results.Json(
            new SettingsDocument
            {
                TimeZone = consent.Zone?.Id,
                Channels = consent.Channels.ToNames(),
                StrictCategories = consent.IsStrict,
            },
            ApiJson.Answers.SettingsDocument
        );
}
