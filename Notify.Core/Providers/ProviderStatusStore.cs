using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Providers;

/// <summary>Where workers say how their providers are, and the Router and the Api read it.</summary>
public sealed class ProviderStatusStore(NpgsqlDataSource database)
{
    /// <summary>How often a worker reports.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>A report counts for this long when it is decided whether a channel stands still: three of the reporter's
    /// intervals.</summary>
    public static readonly TimeSpan Fresh = 3 * ReportInterval;

    /// <summary>A worker that has said nothing for this long is shown as gone: two of the reporter's intervals.</summary>
    public static readonly TimeSpan Silent = 2 * ReportInterval;

    private const string ReportSql = """
        INSERT INTO provider_statuses (channel, provider, credential, instance, state, cause, since, until, channel_paused, reported_at)
        SELECT @channel, p, c, @instance, s, w, a, u, @paused, now() FROM unnest(@providers, @credentials, @states, @causes, @since, @until) AS r(p, c, s, w, a, u)
        ON CONFLICT (channel, provider, credential, instance) DO UPDATE
           SET state = excluded.state, cause = excluded.cause, since = excluded.since, until = excluded.until, channel_paused = excluded.channel_paused, reported_at = excluded.reported_at;
        DELETE FROM provider_statuses WHERE channel = @channel AND reported_at < now() - interval '1 hour'
        """;

    // A channel stands still when every process of it that is alive says so; one that says nothing any more decides nothing.
    private const string PausedSql = """
        SELECT channel FROM provider_statuses WHERE reported_at > now() - @fresh GROUP BY channel HAVING bool_and(channel_paused)
        """;

    public async Task ReportAsync(
        Channel channel,
        string instance,
        IReadOnlyList<ProviderStanding> standing,
        bool channelPaused,
        CancellationToken cancellationToken
    )
    {
        await using var command = database.CreateCommand(ReportSql);
        command.Parameters.Add(new("channel", channel.ToName()));
        command.Parameters.Add(new("instance", instance));
        command.Parameters.Add(new("paused", channelPaused));
        command.Parameters.AddColumn("providers", NpgsqlDbType.Text, standing, entry => entry.Provider);
        command.Parameters.AddColumn("credentials", NpgsqlDbType.Text, standing, entry => entry.Credential);
        command.Parameters.AddColumn("states", NpgsqlDbType.Text, standing, entry => entry.State);
        command.Parameters.AddColumn("causes", NpgsqlDbType.Text, standing, entry => entry.Cause);
        command.Parameters.AddColumn("since", NpgsqlDbType.TimestampTz, standing, entry => entry.Since);
        command.Parameters.AddColumn("until", NpgsqlDbType.TimestampTz, standing, entry => entry.Until);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The channels of which nothing can be sent now.</summary>
    public async Task<IReadOnlySet<string>> PausedChannelsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PausedSql);
        command.Parameters.Add(new("fresh", Fresh));
        var paused = new HashSet<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            paused.Add(reader.GetString(0));
        return paused;
    }
}
