using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Notify.Tests.Sandbox;

/// <summary>A bare SMTP connection: sends what it is told, reads replies.</summary>
internal sealed class SmtpClientSocket : IDisposable
{
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    public static async Task<SmtpClientSocket> ConnectAsync(int port, bool greet = true)
    {
        var socket = new SmtpClientSocket();
        await socket._client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        socket.Use(socket._client.GetStream());
        if (greet)
        {
            Assert.StartsWith("220 ", await socket.ReplyAsync(), StringComparison.Ordinal);
            Assert.Contains("250-PIPELINING", await socket.CommandAsync("EHLO test.example"), StringComparison.Ordinal);
        }

        return socket;
    }

    public async Task StartTlsAsync()
    {
        Assert.StartsWith("220 ", await CommandAsync("STARTTLS"), StringComparison.Ordinal);
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost" },
            TestContext.Current.CancellationToken
        );
        Use(tls);
    }

    public async Task<string> CommandAsync(string line)
    {
        await WriteAsync(line + "\r\n");
        return await ReplyAsync();
    }

    public async Task WriteAsync(string text) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    /// <returns>All lines of one reply; empty where the server hung up.</returns>
    public async Task<string> ReplyAsync()
    {
        var reply = new StringBuilder();
        while (await LineAsync() is { } line)
        {
            reply.Append(line).Append('\n');
            if (line.Length < 4 || line[3] == ' ')
                break;
        }

        return reply.ToString();
    }

    public async Task<string> SendAsync(string to, string data, string from = "shop@example.test")
    {
        Assert.StartsWith("250 2.1.0", await CommandAsync($"MAIL FROM:<{from}>"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await CommandAsync($"RCPT TO:<{to}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await CommandAsync("DATA"), StringComparison.Ordinal);
        return await CommandAsync(data + "\r\n.");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _client.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        try
        {
            return await _reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null; // hung up the hard way
        }
    }

    private void Use(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.UTF8));
}
