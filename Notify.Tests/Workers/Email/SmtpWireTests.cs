using System.Text;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

public sealed class SmtpWireTests
{
    [Theory]
    [InlineData("DATA\r\n|Subject: x\r\n\r\nHello\r\n|.\r\n", true)]
    [InlineData("Hello\r|\n|.|\r|\n", true)]
    [InlineData("Hello\r\r\n.\r\n", true)]
    [InlineData("Hello\r\n\r\n.\r\n", true)]
    [InlineData("Hello\r\n.\r\r\n.\r\n", true)]
    [InlineData("Hello\r\n..\r\nEnd\r\n", false)]
    [InlineData("Hello.\r\n", false)]
    [InlineData("Hello\r\n.", false)]
    [InlineData("Hello\n.\n", false)]
    public void Final_dot_is_seen_however_the_bytes_are_cut(string blocks, bool sent)
    {
        using var wire = new SmtpWire();
        wire.BeginMessage();

        foreach (var block in blocks.Split('|'))
            wire.LogClient(Encoding.ASCII.GetBytes("??" + block), 2, block.Length);

        Assert.Equal(sent, wire.FinalDotSent);
    }

    [Fact]
    public void Each_message_is_watched_anew()
    {
        using var wire = new SmtpWire();
        wire.LogClient("x\r\n.\r\n"u8.ToArray(), 0, 6);
        wire.LogServer("250 Ok\r\n"u8.ToArray(), 0, 8);
        Assert.True(wire.FinalDotSent && wire.Answered);

        wire.BeginMessage();

        Assert.False(wire.FinalDotSent || wire.Answered);
    }
}
