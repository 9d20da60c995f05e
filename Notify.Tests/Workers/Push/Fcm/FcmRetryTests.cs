using Notify.Core.Channels;

namespace Notify.Tests.Workers.Push.Fcm;

/// <summary>The SDK and Google's libraries would repeat calls; nothing but the delivery's schedule may.</summary>
public sealed class FcmRetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(302)]
    public async Task Failed_send_is_one_call(int status)
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(new StubAnswer(status, "", ("Location", "/elsewhere")));

        await door.SendAsync();

        Assert.Single(door.Messages.Requests);
        Assert.Single(door.Tokens.Requests);
    }

    [Fact]
    public async Task Broken_send_is_one_call_and_ambiguous()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(StubAnswer.Broken);

        var outcome = await door.SendAsync();

        Assert.Equal(OutcomeKind.Ambiguous, outcome.Kind);
        Assert.Single(door.Messages.Requests);
    }

    [Fact]
    public async Task No_answer_in_time_is_ambiguous()
    {
        await using var door = await FcmDoor.OpenAsync();
        door.Messages.Answers(
            async (_, aborted) =>
            {
                door.Time.Advance(FcmDoor.Timeout);
                await Task.Delay(Timeout.Infinite, aborted);
                return FcmDoor.Accepted;
            }
        );

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Ambiguous, "timeout"), (outcome.Kind, outcome.Code));
        Assert.Single(door.Messages.Requests);
    }

    [Fact]
    public async Task Unreachable_FCM_is_transient()
    {
        await using var door = await FcmDoor.OpenAsync();
        await door.Messages.DisposeAsync();

        var outcome = await door.SendAsync();

        Assert.Equal((OutcomeKind.Transient, "connection"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task Cancelled_send_throws()
    {
        await using var door = await FcmDoor.OpenAsync();
        using var cancel = new CancellationTokenSource();
        door.Messages.Answers(
            async (_, aborted) =>
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, aborted);
                return FcmDoor.Accepted;
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => door.Provider.SendAsync(PushMessages.Fcm(), cancel.Token));
    }
}
