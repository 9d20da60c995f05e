using System.Globalization;
using Notify.Tests.Support;

namespace Notify.Tests.Samples;

/// <summary>What the clients in samples/ do where the API hangs up or asks them to wait.</summary>
public sealed class SampleRetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("csharp")]
    [InlineData("node")]
    public async Task Client_sends_again_under_the_same_key_until_it_is_accepted(string sample)
    {
        var past = DateTimeOffset.UnixEpoch.ToString("R", CultureInfo.InvariantCulture); // Retry-After may be a date
        await using var api = await UnwillingApi.StartAsync(
            UnwillingApi.HangUp,
            UnwillingApi.Refuse(503, "1"),
            UnwillingApi.Refuse(429, past)
        );

        var ended = await RunAsync(sample, api);

        Assert.True(ended.ExitCode == 0, ended.Output);
        Assert.Equal([1, 5], api.Tries.Values.Order()); // what breaks a rule once; the notification four times and its repeat
        Assert.Contains("recipients[0].email (invalid): Not a mail address.", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csharp")]
    [InlineData("node")]
    public async Task Client_that_is_asked_to_wait_for_long_gives_up_at_once(string sample)
    {
        await using var api = await UnwillingApi.StartAsync(UnwillingApi.Refuse(503, "600"));

        var ended = await RunAsync(sample, api);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Notify answered 503", ended.Output, StringComparison.Ordinal);
        Assert.Equal([1], api.Tries.Values);
    }

    private static Task<SampleProgram.Ended> RunAsync(string sample, UnwillingApi api)
    {
        var variables = new Dictionary<string, string> { ["NOTIFY_URL"] = api.Address };
        if (sample == "csharp")
            return SampleProgram.CSharpAsync(variables, Cancel);
        Surroundings.Need(SampleProgram.Has("node") ? null : "The Node sample needs Node 20 or later.");
        return SampleProgram.NodeAsync(variables, Cancel);
    }
}
