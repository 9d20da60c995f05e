using System.Text;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Tests.Distributed.Benchmarks;

public sealed class NumberedAddressTests
{
    [Theory]
    [InlineData(Channel.Email, 0, false)]
    [InlineData(Channel.Email, 1_234_567, true)]
    [InlineData(Channel.Push, 999_999, false)]
    [InlineData(Channel.Push, 42, true)]
    public void Number_and_series_are_read_back(Channel channel, int number, bool probe)
    {
        var address = Encoding.ASCII.GetBytes(NumberedAddress.Of(channel, number, probe));

        Assert.True(NumberedAddress.TryRead(address, out var read, out var isProbe));
        Assert.Equal((number, probe), (read, isProbe));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(1_234_567, true)]
    public void Number_and_series_of_a_phone_are_read_back(int number, bool probe)
    {
        var address = NumberedAddress.Of(Channel.Sms, number, probe);

        Assert.StartsWith(NumberedAddress.PhoneSeries, address, StringComparison.Ordinal);
        Assert.True(
            NumberedAddress.TryReadPhone(
                Encoding.ASCII.GetBytes(address[NumberedAddress.PhoneSeries.Length..]),
                out var read,
                out var isProbe
            )
        );
        Assert.Equal((number, probe), (read, isProbe));
    }

    [Theory]
    [InlineData("")]
    [InlineData("b")]
    [InlineData("ada@example.test")]
    [InlineData("bob@example.test")]
    public void Other_addresses_have_no_number(string address) =>
        Assert.False(NumberedAddress.TryRead(Encoding.ASCII.GetBytes(address), out _, out _));

    [Fact]
    public void What_came_twice_or_not_or_unexpected_is_a_fault()
    {
        var arrivals = new Arrivals(3);
        foreach (var number in new[] { 0, 1, 1, 3 })
            arrivals.Arrived(number);

        Assert.Equal(
            ["1 of 3 messages did not arrive", "1 duplicates arrived", "1 messages arrived that nobody expected"],
            arrivals.Faults()
        );
    }
}
