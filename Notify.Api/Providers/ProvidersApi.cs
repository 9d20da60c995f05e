using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Deliveries.Routes;
using Npgsql;

namespace Notify.Api.Providers;

/// <summary>What the workers last said of their providers.</summary>
internal static class ProvidersApi
{
    // A report's age is the database's matter: it wrote the report's time.
    private const string ListSql = """
        SELECT r.channel, r.provider, r.credential, r.said,
               (array_agg(r.cause ORDER BY r.since DESC))[1] AS cause,
               CASE WHEN r.said = 'unknown' THEN max(r.reported_at) ELSE min(r.since) END AS since,
               min(r.until) AS until,
               count(*)::int AS instances,
               (SELECT bool_and(p.channel_paused) FROM provider_statuses p WHERE p.channel = r.channel AND p.reported_at > now() - @fresh) AS paused,
               max(r.reported_at) AS reported_at,
               greatest(0, extract(epoch FROM now() - max(r.reported_at)))::bigint AS age
          FROM (SELECT channel, provider, credential, since, reported_at,
                       CASE WHEN fresh THEN state ELSE 'unknown' END AS said,
                       CASE WHEN fresh THEN cause END AS cause,
                       CASE WHEN fresh THEN until END AS until
                  FROM (SELECT *, reported_at > now() - @fresh AS fresh FROM provider_statuses) AS s) AS r
         GROUP BY r.channel, r.provider, r.credential, r.said
         ORDER BY r.channel, r.provider, r.credential, r.said
        """;

    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/providers", ListAsync).WithTags("Providers").RequireScope(Scopes.Operate)
            .WithName("ListProviders").WithSummary("The providers, as the workers find them")
            .WithDescription("An entry for each channel, provider, credential and state: closed (it is called), half_open (it is tried), open (it is not called), throttled (it said wait), or unknown for what a process said that has said nothing for 15 seconds; since is then the time of its last report. A process that has ended stays for up to an hour.")
            .Produces<ProvidersView>().ProducesProblems(401, 403, 503);
        return routes;
    }

    private static async Task<IResult> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListSql);
        command.Parameters.Add(new("fresh", ProviderStatusStore.Fresh));
        var providers = new List<ProviderView>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            providers.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6), reader.GetInt32(7),
                reader.IsDBNull(8) ? null : reader.GetBoolean(8), reader.GetFieldValue<DateTimeOffset>(9), reader.GetInt64(10)));
        }
        return Results.Json(new ProvidersView(providers), ApiJson.Answers.ProvidersView);
    }
}
