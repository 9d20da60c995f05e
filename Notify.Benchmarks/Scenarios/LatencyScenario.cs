using Notify.Benchmarks.Load;
using Notify.Benchmarks.Reporting;
using Notify.Benchmarks.Running;
using Notify.Core.Channels;
using Notify.Core.Notifications;
using Npgsql;

namespace Notify.Benchmarks.Scenarios;

/// <summary>
/// From posting a notification to its message at the provider, one at a time in a system at rest, for each lane and channel. The sandbox
/// says when a message arrived; without one the delivery's own <c>sentAt</c> is taken, which is when the call to the provider began,
/// against the accept time inside its id.
/// </summary>
internal static class LatencyScenario
{
    private const int DefaultSamples = 200;
    private const int WarmUpSamples = 20;
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        if (context.Options.Target is { } target)
        {
            await RunAsync(context, target, context.Options.Sandbox, rows: null, cancellationToken);
            return;
        }
        await using var system = await NotifySystem.StartAsync(Services.All, context.Options.Settings, cancellationToken);
        await RunAsync(context, system.Api, system.Sandbox, system.Rows, cancellationToken);
    }

    private static async Task RunAsync(
        ScenarioContext context,
        Uri api,
        Uri? sandbox,
        NpgsqlDataSource? rows,
        CancellationToken cancellationToken
    )
    {
        using var client = new NotifyClient(api, context.Options.Key, context.Time);
        using var record = sandbox is null ? null : new SandboxRecord(sandbox);
        for (var round = 1; round <= context.Options.Rounds; round++)
        {
            foreach (var lane in LaneNames.All)
            {
                var measured = new List<ProbeTimes>();
                foreach (var channel in ChannelNames.All)
                    context.Report.Add(await MeasureAsync(context, client, record, lane, channel, round, measured, cancellationToken));
                if (rows is not null && await LatencyStages.OfAsync(rows, lane, measured, cancellationToken) is { } stages)
                    context.Report.Say($"  round {round}: {stages}");
            }
        }
    }

    private static async Task<Measurement> MeasureAsync(
        ScenarioContext context,
        NotifyClient client,
        SandboxRecord? record,
        Lane lane,
        Channel channel,
        int round,
        List<ProbeTimes> measured,
        CancellationToken cancellationToken
    )
    {
        var mark = record is null ? 0 : await record.MarkAsync(cancellationToken);
        var posted = new List<PostedNotification>();
        for (var i = 0; i < WarmUpSamples + context.Samples(DefaultSamples); i++)
        {
            posted.Add(await client.PostAsync(lane, channel, UniqueAddress.Of(channel), cancellationToken));
            await Task.Delay(Gap, cancellationToken);
        }
        var arrived = record is null
            ? await client.SentAsync(posted, cancellationToken)
            : await record.ArrivedAsync(posted, channel, mark, cancellationToken);
        measured.AddRange(
            posted
                .Skip(WarmUpSamples)
                .Select(one => new ProbeTimes(one, record is not null && arrived.TryGetValue(one.Address, out var at) ? at : null))
        );
        var waits = posted
            .Skip(WarmUpSamples)
            .Where(one => arrived.ContainsKey(one.Address))
            .Select(one => (arrived[one.Address] - (record is null ? one.AcceptedAt : one.PostedAt)).TotalMilliseconds)
            .ToArray();
        var missing = posted.Count(one => !arrived.ContainsKey(one.Address));
        return new()
        {
            Scenario = context.Name,
            Subject = $"{lane.ToName()} {channel.ToName()}",
            Round = round,
            Unit = "notifications",
            Count = waits.Length,
            Milliseconds = LatencySummary.Of(waits),
            Faults = missing == 0 ? [] : [$"{missing} of {posted.Count} messages did not arrive"],
        };
    }
}
