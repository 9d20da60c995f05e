using System.Text;
using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Channels;
using Notify.Core.Decisions;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Routing;
using Notify.Core.Suppressions;
using Notify.Core.Tenants;
using Notify.Core.Validation;
using Npgsql;

namespace Notify.Api.Decisions;

/// <summary>What would become of a notification. The same facts and the same gates as the Router's; nothing is written and nothing
/// sent.</summary>
internal static class SimulateApi
{
    public static void MapSimulate(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/v1/simulate", SimulateAsync)
            .WithTags("Consent")
            .RequireScope(Scopes.Read)
            .WithName("Simulate")
            .WithSummary("What would become of a notification")
            .WithDescription(
                "Nothing is written and nothing is sent. Every gate that would be asked is shown, with what it saw and where that came from. Of a real notification a wait for quiet hours ends up to ten minutes later, so that not everybody's messages leave in one minute."
            )
            .Accepts<SimulationRequest>("application/json")
            .Produces<SimulationView>()
            .ProducesProblems(400, 401, 403, 413, 415, 422, 503);

    private static async Task<IResult> SimulateAsync(
        HttpContext http,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (body, problem) = await RequestBody.ReadAsync(http.Request, NotificationLimits.ItemBytes, "A simulation", cancellationToken);
        if (body is null)
            return problem!;
        var (asked, error) = RequestBody.Parse(body, ApiJson.Strict.SimulationRequest);
        if (asked is null)
            return Problem.Malformed(error!);
        if (asked.Notification is not { } given)
            return Problem.Invalid([new("notification", "required", "The notification, as POST /v1/notifications takes it.")]);
        var (request, wrong) = RequestBody.Parse(Encoding.UTF8.GetBytes(given.GetRawText()), NotificationJson.Strict.NotificationRequest);
        if (request is null)
            return Problem.Malformed(Within(wrong!));
        if (NotificationValidator.Validate(request) is { Count: > 0 } errors)
            return Problem.Invalid([.. errors.Select(Within)]);
        var at = (asked.At ?? time.GetUtcNow()).ToUniversalTime();
        var deliveries = await DecideAsync(database, http.Caller().Tenant, request, at, cancellationToken);
        return Results.Json(new SimulationView(at, deliveries), ApiJson.Answers.SimulationView);
    }

    private static async Task<List<SimulatedDelivery>> DecideAsync(
        NpgsqlDataSource database,
        string tenant,
        NotificationRequest request,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var row = await TenantRows.FindAsync(database, tenant, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var categories = await TenantRows.CategoriesAsync(connection, [tenant], cancellationToken);
        var owner = TenantEntry.Of(row, categories[tenant]);
        var terms = NotificationTerms.Of(request, owner.CategoryOf(request.Category));
        var people = request.Recipients!.Where(target => target.Id is not null).Select(target => (tenant, target.Id!)).Distinct().ToList();
        var profiles = (await ProfileStore.ReadAsync(connection, people, cancellationToken)).ToDictionary(
            entry => (entry.Tenant, entry.Profile.RecipientId),
            entry => entry.Profile
        );
        var candidates = Candidates.Of(tenant, UuidV7.New(at), request, profiles, terms.Channels);
        var addresses = candidates
            .Where(candidate => candidate.Address is not null)
            .Select(candidate => new OwnedAddress(tenant, candidate.Channel, candidate.Address!))
            .ToHashSet();
        var suppressions = await SuppressionRows.FindAsync(connection, new(addresses), cancellationToken);
        var facts = new DecisionFacts(profiles, suppressions, new PreferenceCache());
        return [.. candidates.Select(candidate => Decide(tenant, owner, request, terms, facts, candidate, at))];
    }

    private static SimulatedDelivery Decide(
        string tenant,
        TenantEntry owner,
        NotificationRequest request,
        NotificationTerms terms,
        DecisionFacts facts,
        Candidate candidate,
        DateTimeOffset at
    )
    {
        var trace = new List<GateResult>();
        var snapshot = facts.SnapshotOf(tenant, owner, request, terms, candidate, at, at + terms.TimeToLive);
        var decision = Gates.Decide(snapshot with { DeliveryId = null }, trace);
        return new(
            candidate.Channel.ToName(),
            candidate.RecipientId,
            decision.IsSend ? "send" : decision.Verdict.ToName(),
            decision.Reason,
            decision.Until,
            [.. trace.Select(GateView.Of)]
        );
    }

    private static FieldError Within(FieldError error) =>
        error with
        {
            Field = error.Field.Length == 0 ? "notification" : "notification." + error.Field,
        };
}
