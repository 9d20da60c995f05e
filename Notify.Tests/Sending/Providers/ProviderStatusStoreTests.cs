using Notify.Core.Channels;
using Notify.Core.Providers;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Sending.Providers;

public sealed class ProviderStatusStoreTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private ProviderStatusStore Store => new(Database.Source);

    [Fact]
    public async Task Channel_stands_still_when_every_process_of_it_says_so()
    {
        await ReportAsync(Channel.Sms, "a", paused: true);
        await ReportAsync(Channel.Push, "a", paused: true);
        await ReportAsync(Channel.Push, "b", paused: false);
        await ReportAsync(Channel.Email, "a", paused: false);
        Assert.Equal(["sms"], await PausedAsync());

        await ReportAsync(Channel.Push, "b", paused: true);
        await ReportAsync(Channel.Sms, "b", paused: false);

        Assert.Equal(["push"], await PausedAsync());
    }

    [Fact]
    public async Task Process_that_says_nothing_any_more_decides_nothing()
    {
        await ReportAsync(Channel.Sms, "gone", paused: false);
        await ReportAsync(Channel.Email, "gone", paused: true);
        await Database.ExecuteAsync("UPDATE provider_statuses SET reported_at = now() - interval '16 seconds'");
        Assert.Empty(await PausedAsync());

        await ReportAsync(Channel.Sms, "alive", paused: true);

        Assert.Equal(["sms"], await PausedAsync());
    }

    [Fact]
    public async Task Latest_report_of_a_process_replaces_the_one_before()
    {
        await Store.ReportAsync(
            Channel.Sms,
            "a",
            [new("twilio", "AC1", "open", "transient 503", At, At.AddSeconds(5)), new("gateway", "main", "closed", null, At, null)],
            channelPaused: false,
            Cancel
        );
        await Store.ReportAsync(
            Channel.Sms,
            "a",
            [new("twilio", "AC1", "half_open", "transient 503", At.AddSeconds(5), null), new("gateway", "main", "closed", null, At, null)],
            channelPaused: false,
            Cancel
        );

        Assert.Equal(
            ["gateway main closed f f", "twilio AC1 half_open transient 503 f f"],
            await Database.ListAsync(
                "SELECT concat_ws(' ', provider, credential, state, cause, until IS NOT NULL, channel_paused) FROM provider_statuses ORDER BY 1"
            )
        );
    }

    [Fact]
    public async Task Reports_of_an_hour_ago_are_removed()
    {
        await ReportAsync(Channel.Sms, "old", paused: true);
        await Database.ExecuteAsync("UPDATE provider_statuses SET reported_at = now() - interval '61 minutes'");

        await ReportAsync(Channel.Sms, "new", paused: true);

        Assert.Equal(["new"], await Database.ListAsync("SELECT instance FROM provider_statuses"));
    }

    private Task ReportAsync(Channel channel, string instance, bool paused) =>
        Store.ReportAsync(channel, instance, [new("p", "c", paused ? "open" : "closed", null, At, paused ? At : null)], paused, Cancel);

    private async Task<IEnumerable<string>> PausedAsync() => (await Store.PausedChannelsAsync(Cancel)).Order();
}
