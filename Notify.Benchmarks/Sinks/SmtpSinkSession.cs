using System.Net.Sockets;
using System.Text;

namespace Notify.Benchmarks.Sinks;

/// <summary>One connection. Reads what is there, answers all of it in one write.</summary>
/// <param name="client">The other end.</param>
/// <param name="arrived">Called with the number and the series of each mail's recipient.</param>
/// <param name="isAwaited">Whether a mail is wanted whole.</param>
/// <param name="seen">Called with such a mail.</param>
internal sealed class SmtpSinkSession(Socket client, Action<int, bool> arrived, Func<bool> isAwaited, Action<ReadOnlySpan<byte>> seen)
{
    private static readonly byte[] EndOfData = "\r\n.\r\n"u8.ToArray();
    private readonly byte[] _input = new byte[256 * 1024];
    private readonly MemoryStream _output = new();
    private int _length;
    private bool _inData;
    private bool _isWhole; // what there is of the mail begins at its beginning
    private bool _quit;
    private (int Number, bool Probe) _recipient;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Answer("220 sink ESMTP"u8);
        while (true)
        {
            if (_output.Length > 0)
            {
                await client.SendAsync(_output.GetBuffer().AsMemory(0, (int)_output.Length), cancellationToken);
                _output.SetLength(0);
            }
            if (_quit || _length == _input.Length)
                return; // a line or a mail that does not fit is nothing that our senders write
            var read = await client.ReceiveAsync(_input.AsMemory(_length), cancellationToken);
            if (read == 0)
                return;
            _length += read;
            var used = Process(_input.AsSpan(0, _length));
            _input.AsSpan(used, _length - used).CopyTo(_input);
            _length -= used;
        }
    }

    /// <summary>How many of the bytes are dealt with.</summary>
    private int Process(ReadOnlySpan<byte> input)
    {
        var used = 0;
        while (!_quit)
        {
            var rest = input[used..];
            if (_inData)
            {
                // The CRLF before the dot may be the one that ended DATA itself, in a mail without content; nobody sends that here.
                var end = rest.IndexOf(EndOfData);
                if (end < 0)
                {
                    _isWhole &= isAwaited();
                    if (_isWhole)
                        return used;
                    return used + Math.Max(0, rest.Length - EndOfData.Length + 1);
                }
                if (_isWhole)
                    seen(rest[..(end + 2)]);
                used += end + EndOfData.Length;
                _inData = false;
                arrived(_recipient.Number, _recipient.Probe);
                Answer("250 2.0.0 Ok: queued as SINK"u8);
                continue;
            }
            var line = rest.IndexOf("\r\n"u8);
            if (line < 0)
                return used;
            Command(rest[..line]);
            used += line + 2;
        }
        return used;
    }

    private void Command(ReadOnlySpan<byte> line)
    {
        if (Is(line, "RCPT TO:"))
        {
            var known = NumberedAddress.TryRead(line[(line.IndexOf((byte)'<') + 1)..], out var number, out var probe);
            _recipient = known ? (number, probe) : (-1, false);
            Answer("250 2.1.5 Ok"u8);
        }
        else if (Is(line, "DATA"))
        {
            _inData = _isWhole = true;
            Answer("354 End data with <CR><LF>.<CR><LF>"u8);
        }
        else if (Is(line, "EHLO"))
        {
            Answer("250-sink\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SMTPUTF8"u8);
        }
        else if (Is(line, "QUIT"))
        {
            _quit = true;
            Answer("221 2.0.0 Bye"u8);
        }
        else
        {
            Answer(
                Is(line, "MAIL FROM:") || Is(line, "RSET") || Is(line, "NOOP") || Is(line, "HELO")
                    ? "250 2.1.0 Ok"u8
                    : "502 5.5.2 Not here"u8
            );
        }
    }

    private static bool Is(ReadOnlySpan<byte> line, string command) =>
        line.Length >= command.Length && Ascii.EqualsIgnoreCase(line[..command.Length], command);

    private void Answer(ReadOnlySpan<byte> reply)
    {
        _output.Write(reply);
        _output.Write("\r\n"u8);
    }
}
