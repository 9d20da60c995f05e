using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Notify.Tests.Packages.MailKit;

/// <summary>One connection to a <see cref="ScriptedSmtpServer"/>.</summary>
internal sealed class ScriptedSmtpSession(ScriptedSmtpServer server, TcpClient client)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StringBuilder _withheld = new();
    private readonly List<string> _recipients = [];
    private Stream _stream = client.GetStream();
    private string _mail = "";
    private bool _secured;
    private int _start;
    private int _end;

    public void Close() => client.Close();

    public async Task RunAsync()
    {
        client.NoDelay = true;
        if (server.TlsOnConnect)
            await SecureAsync();
        if (!await ReplyAsync("CONNECT", "220 scripted ESMTP"))
            return;
        while (await ReadLineAsync() is { } line)
        {
            server.Commands.Enqueue(new ScriptedSmtpCommand(line, _secured, _start < _end || client.Available > 0));
            if (!await ReplyAsync(line, Usual(line)))
                return;
            if (line == "STARTTLS")
                await SecureAsync();
            if (line == "DATA" && !await ReadContentAsync())
                return;
            if (line == "QUIT")
                return;
        }
    }

    private string Usual(string line)
    {
        var verb = line.Split(' ')[0].ToUpperInvariant();
        switch (verb)
        {
            case "MAIL":
                _mail = line;
                _recipients.Clear();
                return "250 2.1.0 Ok";
            case "EHLO":
                string[] offers =
                [
                    .. (_secured ? server.OffersUnderTls : null) ?? server.Offers,
                    .. server.Certificate is not null && !_secured ? ["STARTTLS"] : Array.Empty<string>(),
                ];
                return string.Join("\r\n", (string[])["250-scripted", .. offers.Select(offer => $"250-{offer}"), "250 HELP"]);
            default:
                return verb switch
                {
                    "STARTTLS" => "220 2.0.0 Ready to start TLS",
                    "DATA" => "354 End data with <CR><LF>.<CR><LF>",
                    "AUTH" => line.StartsWith("AUTH LOGIN", StringComparison.Ordinal)
                        ? "334 VXNlcm5hbWU6"
                        : "235 2.7.0 Authentication successful",
                    "QUIT" => "221 2.0.0 Bye",
                    _ => "250 2.0.0 Ok",
                };
        }
    }

    /// <summary>False where the connection is to be closed.</summary>
    private async Task<bool> ReplyAsync(string line, string usual)
    {
        await server.Before(line);
        var reply = server.Answer(line) ?? usual;
        if (reply == ScriptedSmtpServer.Drop)
            return false;
        if (reply == ScriptedSmtpServer.Silence)
            await Task.Delay(Timeout.Infinite, server.Stopping);
        if (line.StartsWith("RCPT", StringComparison.Ordinal) && reply.Contains("250", StringComparison.Ordinal))
            _recipients.Add(line);
        if (reply.StartsWith(ScriptedSmtpServer.Later, StringComparison.Ordinal))
        {
            _withheld.Append(reply[ScriptedSmtpServer.Later.Length..]).Append("\r\n");
            return true;
        }

        await _stream.WriteAsync(Encoding.Latin1.GetBytes($"{_withheld}{reply}\r\n"), server.Stopping);
        _withheld.Clear();
        return true;
    }

    private async Task<bool> ReadContentAsync()
    {
        if (server.Answer("DATA") is { } reply && !reply.StartsWith("354", StringComparison.Ordinal))
            return true;
        var content = new StringBuilder();
        for (var first = true; await ReadLineAsync() is { } line; first = false)
        {
            if (first && server.Answer("LINE") == ScriptedSmtpServer.Drop)
                return false;
            if (line == ".")
            {
                var accepted = server.Answer("CONTENT")?.StartsWith('2') ?? true;
                if (accepted)
                    server.Mails.Enqueue(new ReceivedMail(_mail, [.. _recipients], content.ToString()));
                return await ReplyAsync("CONTENT", "250 2.0.0 Ok: queued as 4XyZ17");
            }

            content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return false;
    }

    private async Task SecureAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, server.Stopping);
        (_stream, _secured) = (tls, true);
    }

    /// <summary>A line ends with CRLF and nothing else: a bare line feed stays in the line, for a test to see.</summary>
    private async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_end), server.Stopping);
            if (read == 0)
                return null;
            _end += read;
        }
    }
}
