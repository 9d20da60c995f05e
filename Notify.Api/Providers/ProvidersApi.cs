using Notify.Api.Keys;
using Notify.Api.Problems;
using Notify.Core.Channels;
using Notify.Core.Messaging;
using Notify.Core.Providers;
using Npgsql;

namespace Notify.Api.Providers;

/// <summary>What the workers last said of their providers.</summary>
internal static class ProvidersApi
{
    // A report's age is the database's matter: it wrote the report's time. What workers said that are silent now is of interest only where
    // no other speaks for the account: of a worker that was replaced nothing is left to say.
    private const string ListSql = """
        WITH reports AS (
            SELECT *, reported_at > now() - @silent AS alive FROM provider_statuses),
        shown AS (
            SELECT * FROM reports WHERE alive
             UNION ALL
            SELECT * FROM (
                SELECT DISTINCT ON (channel, provider, credential) * FROM reports ORDER BY channel, provider, credential, reported_at DESC) AS latest
             WHERE NOT alive)
        SELECT s.channel, s.provider, s.credential, s.state,
               (array_agg(s.cause ORDER BY s.since DESC))[1] AS cause,
               min(s.since) AS since,
               min(s.until) AS until,
               NOT bool_and(s.alive) AS stale,
               count(*) FILTER (WHERE s.alive)::int AS instances,
               (SELECT bool_and(r.channel_paused) FROM reports r WHERE r.channel = s.channel AND r.alive) AS paused,
               max(s.reported_at) AS seen_at,
               greatest(0, extract(epoch FROM now() - max(s.reported_at)))::bigint AS age
          FROM shown s
         GROUP BY s.channel, s.provider, s.credential, s.state
         ORDER BY s.channel, s.provider, s.credential, s.state
        """;

    // A worker reports of its lanes, and of its providers where it has any.
    private const string ChannelsSql = """
        SELECT c.channel, coalesce(r.seen_at < now() - @silent, true) AS stale, r.seen_at
          FROM unnest(@channels) WITH ORDINALITY AS c(channel, place)
          LEFT JOIN (
            SELECT channel, max(reported_at) AS seen_at FROM (
                SELECT split_part(topic, '.', 2) AS channel, reported_at FROM lane_positions WHERE topic LIKE 'deliveries.%'
                 UNION ALL
                SELECT channel, reported_at FROM provider_statuses) AS reports
             GROUP BY channel) r USING (channel)
         ORDER BY c.place
        """;

    public static IEndpointRouteBuilder MapProviders(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/providers", ListAsync)
            .WithTags("Providers")
            .RequireScope(Scopes.Operate)
            .WithName("ListProviders")
            .WithSummary("The providers, as the workers find them")
            .WithDescription(
                "An entry for each channel, provider, credential and state: closed (it is called), partial (it is called, except for what cause names), half_open (it is tried), open (it is not called) or throttled (it said wait). instances says how many workers find it so; where they differ, each state is an entry. Workers report every 5 seconds. Where all of an account's workers have been silent for 10 seconds, stale is true, instances is 0, and state and seenAt are what the last of them said, for up to an hour. channels says whether anybody reads a channel's lanes: where stale is true nobody does, and its deliveries wait."
            )
            .Produces<ProvidersView>()
            .ProducesProblems(401, 403, 503);
        routes.MapRestoreDevices();
        return routes;
    }

    private static async Task<IResult> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        Results.Json(
            new ProvidersView(await ChannelsAsync(database, cancellationToken), await ProvidersAsync(database, cancellationToken)),
            ApiJson.Answers.ProvidersView
        );

    private static async Task<List<ChannelView>> ChannelsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ChannelsSql);
        command.Parameters.Add(new("silent", LanePositionStore.Silent));
        command.Parameters.Add(new("channels", ChannelNames.All.Select(channel => channel.ToName()).ToArray()));
        var channels = new List<ChannelView>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            channels.Add(
                new(reader.GetString(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2))
            );
        return channels;
    }

    private static async Task<List<ProviderView>> ProvidersAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListSql);
        command.Parameters.Add(new("silent", ProviderStatusStore.Silent));
        var providers = new List<ProviderView>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            providers.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.GetFieldValue<DateTimeOffset>(5),
                    reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                    reader.GetBoolean(7),
                    reader.GetInt32(8),
                    reader.IsDBNull(9) ? null : reader.GetBoolean(9),
                    reader.GetFieldValue<DateTimeOffset>(10),
                    reader.GetInt64(11)
                )
            );
        }
        return providers;
    }
}
