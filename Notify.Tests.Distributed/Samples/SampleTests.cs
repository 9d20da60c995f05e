using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Notify.Tests.Samples;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Samples;

/// <summary>The samples against the running application: each says by its exit code that it worked, and what it sent has arrived.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
public sealed partial class SampleTests(NotifyApp app)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CSharp_client_reaches_three_channels_once_each()
    {
        var (notify, variables, mark) = await ReadyAsync();

        await ArrivedAsync(notify, mark, await SampleProgram.CSharpAsync(variables, Cancel), ["email", "push", "sms"]);
    }

    [Fact]
    public async Task Node_client_reaches_three_channels_once_each()
    {
        Surroundings.Need(SampleProgram.Has("node") ? null : "The Node sample needs Node 20 or later.");
        var (notify, variables, mark) = await ReadyAsync();

        await ArrivedAsync(notify, mark, await SampleProgram.NodeAsync(variables, Cancel), ["email", "push", "sms"]);
    }

    [Theory]
    [InlineData("send.sh", "email", "push", "sms")]
    [InlineData("recipient.sh", "email", "push", "sms")]
    [InlineData("batch.sh", "email", "email")]
    [InlineData("dead-letters.sh", "sms")]
    public async Task Script_sends_what_it_says(string script, params string[] channels)
    {
        var (notify, variables, mark) = await ReadyAsync();

        await ArrivedAsync(notify, mark, await SampleProgram.CurlAsync(script, variables, Cancel), channels);
    }

    [Fact]
    public async Task Script_for_Kafka_produces_twice_and_one_mail_arrives()
    {
        Assert.SkipUnless(SampleProgram.Has("kcat"), "samples/curl/kafka.sh needs kcat.");
        var (notify, variables, mark) = await ReadyAsync();

        await ArrivedAsync(notify, mark, await SampleProgram.CurlAsync("kafka.sh", variables, Cancel), ["email"]);
    }

    [Fact]
    public async Task Sample_with_a_wrong_key_says_so_and_fails()
    {
        var (_, variables, _) = await ReadyAsync();
        variables["NOTIFY_KEY"] = "no-such-key";

        SampleProgram.Ended[] ended =
        [
            await SampleProgram.CSharpAsync(variables, Cancel),
            await SampleProgram.CurlAsync("send.sh", variables, Cancel),
        ];

        Assert.All(ended, sample => Assert.NotEqual(0, sample.ExitCode));
        Assert.All(ended, sample => Assert.Contains("unknown, revoked or expired", sample.Output, StringComparison.Ordinal));
    }

    private async Task<(RunningNotify Notify, Dictionary<string, string> Variables, long Mark)> ReadyAsync()
    {
        var notify = await app.ReadyAsync(Cancel);
        var variables = new Dictionary<string, string>
        {
            ["NOTIFY_URL"] = notify.Api.Http.BaseAddress!.ToString().TrimEnd('/'),
            ["NOTIFY_KEY"] = RunningNotify.DevelopmentKey,
            ["NOTIFY_SANDBOX"] = notify.Application.GetEndpoint("sandbox", "http").ToString().TrimEnd('/'),
            ["NOTIFY_KAFKA"] = notify.Kafka,
        };
        return (notify, variables, await notify.Sandbox.MarkAsync(Cancel));
    }

    /// <summary>Every delivery of the notifications that the sample names was sent, and the sandbox has each exactly once.</summary>
    private static async Task ArrivedAsync(RunningNotify notify, long mark, SampleProgram.Ended ended, string[] channels)
    {
        Assert.True(ended.ExitCode == 0, ended.Output);
        var deliveries = new List<DeliveryView>();
        foreach (Match said in NotificationId().Matches(ended.Output))
            deliveries.AddRange((await notify.Api.FindAsync(Guid.Parse(said.Groups[1].Value), Cancel))!.Deliveries);
        Assert.Equal(channels, deliveries.Select(delivery => delivery.Channel).Order());
        Assert.All(deliveries, delivery => Assert.Equal("sent", delivery.State));

        var arrived = await notify.Sandbox.SinceAsync(mark, Cancel);
        // A text message does not carry the delivery's id.
        Assert.All(deliveries, delivery =>
            Assert.Single(arrived, message => message.DeliveryId == delivery.Id || message.ProviderId == delivery.ProviderMessageId)
        );
    }

    [GeneratedRegex("(?:Accepted|Produced) as ([0-9a-f-]{36})")]
    private static partial Regex NotificationId();
}
