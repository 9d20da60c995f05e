using System.Globalization;
using Notify.Workers.Router.Intake;

namespace Notify.Tests.Workers.Router;

public sealed class IntakePartsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", new int[0])]
    [InlineData("1", new[] { 1 })]
    [InlineData("500 500 500 500 1", new[] { 4, 1 })]
    [InlineData("1 500 500 500 500 1", new[] { 4, 2 })]
    [InlineData("3000 1 3000", new[] { 1, 1, 1 })] // a notification is never split, whatever a producer puts into it
    public void Transaction_writes_for_so_many_recipients_and_the_order_stays(string recipients, int[] parts)
    {
        var batch = recipients
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((count, i) => To(int.Parse(count, CultureInfo.InvariantCulture), i))
            .ToList();

        var made = IntakeParts.Of(batch).ToList();

        Assert.Equal(parts, made.Select(part => part.Count));
        Assert.Equal(batch, made.SelectMany(part => part));
    }

    [Fact]
    public void Many_small_ones_are_one_transaction() => Assert.Single(IntakeParts.Of(Enumerable.Range(0, 500).Select(i => To(1, i))));

    private static IncomingNotification To(int recipients, int number) =>
        Incoming.Notification(
            Start.AddMilliseconds(number),
            $$$"""{"recipients":[{{{string.Join(',', Enumerable.Range(0, recipients).Select(i => $"\"u{i}\""))}}}],"message":{"body":"B"}}"""
        );
}
