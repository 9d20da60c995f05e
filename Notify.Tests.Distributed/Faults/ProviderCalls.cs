using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One call to a provider, as its delivery's row has it.</summary>
internal sealed record ProviderCall(Guid Notification, DateTimeOffset At, string Provider, string Outcome);

/// <summary>The calls that a run's messages cost.</summary>
internal static class ProviderCalls
{
    public static Task<List<ProviderCall>> OfAsync(FaultRun run, CancellationToken cancellationToken) =>
        run.Notify.QueryAsync(
            $"""
            SELECT n.notification_id, (call ->> 'at')::timestamptz, call ->> 'provider', call ->> 'outcome'
              FROM notifications n JOIN deliveries d USING (tenant_id, accepted_at, notification_id), {Accounting.CallsSql} call
             WHERE n.category = @category AND call ->> 'outcome' <> 'not_called'
            """,
            reader => new ProviderCall(
                reader.GetGuid(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetString(2),
                reader.GetString(3)
            ),
            cancellationToken,
            new NpgsqlParameter("category", run.Category)
        );

    /// <summary>When calls to Twilio began that took a message, from that time on.</summary>
    public static async Task<List<DateTimeOffset>> SentByTwilioAsync(
        FaultRun run,
        DateTimeOffset since,
        CancellationToken cancellationToken
    ) =>
        (await OfAsync(run, cancellationToken))
            .Where(call => call.At >= since && call is { Provider: "twilio", Outcome: "sent" })
            .Select(call => call.At)
            .ToList();

    /// <summary>Until Twilio, the first of the text messages' providers, takes messages (again).</summary>
    public static async Task UntilTwilioSendsAsync(FaultRun run, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<ProviderCall> calls = [];
        await Until.GetAsync(
            async () =>
            {
                calls = [.. (await OfAsync(run, cancellationToken)).Where(call => call.At >= since)];
                return calls.Exists(call => call is { Provider: "twilio", Outcome: "sent" }) ? "" : null;
            },
            _ =>
                $"Twilio takes messages; {run.Load.Accepted.Count} are accepted, and since {since:T} there were "
                + $"{string.Join(", ", calls.CountBy(call => $"{call.Provider} {call.Outcome}").Select(count => $"{count.Value} {count.Key}"))}.",
            cancellationToken
        );
    }
}
