using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Notify.Tests.Api.Hosting;

/// <summary>The few commands of Redis that the Api uses, over a socket; what is stored stays until it is disposed.</summary>
internal sealed class RespServer : IAsyncDisposable
{
    private static readonly Encoding Bytes = Encoding.Latin1; // each byte a character: what is echoed is not always text
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, string> _values = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _hangs;

    public RespServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Nothing is answered any more; connections stay open.</summary>
    public void Hang() => _hangs = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var answers = client.GetStream();
            await using var stream = new BufferedStream(answers);
            while (await ReadLineAsync(stream) is ['*', .. var count])
            {
                var words = new string[int.Parse(count, CultureInfo.InvariantCulture)];
                for (var i = 0; i < words.Length; i++)
                    words[i] = await ReadBulkAsync(stream);
                if (!_hangs)
                    await answers.WriteAsync(Bytes.GetBytes(Answer(words)), _stop.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            return; // the client left, or the server stops
        }
    }

    private string Answer(string[] words) =>
        words[0].ToUpperInvariant() switch
        {
            "PING" => "+PONG\r\n",
            "ECHO" => Bulk(words[1]),
            "INFO" => Bulk("# Server\r\nredis_version:6.0.0\r\nrole:master\r\n"),
            "CLIENT" or "SELECT" => "+OK\r\n",
            "SUBSCRIBE" => $"*3\r\n{Bulk("subscribe")}{Bulk(words[1])}:1\r\n",
            "GET" => Bulk(_values.GetValueOrDefault(words[1])),
            "MGET" => $"*{words.Length - 1}\r\n{string.Concat(words.Skip(1).Select(key => Bulk(_values.GetValueOrDefault(key))))}",
            "SETEX" or "PSETEX" => Set([words[0], words[1], words[3]]) ? "+OK\r\n" : Bulk(null),
            "SET" => Set(words) ? "+OK\r\n" : Bulk(null),
            _ => "-ERR unknown command\r\n",
        };

    private bool Set(string[] words)
    {
        if (words.Contains("NX", StringComparer.OrdinalIgnoreCase))
            return _values.TryAdd(words[1], words[2]);
        _values[words[1]] = words[2];
        return true;
    }

    private static string Bulk(string? text) => text is null ? "$-1\r\n" : $"${Bytes.GetByteCount(text)}\r\n{text}\r\n";

    private async Task<string> ReadBulkAsync(Stream stream)
    {
        var header = await ReadLineAsync(stream) ?? throw new EndOfStreamException();
        var bytes = new byte[int.Parse(header.AsSpan(1), CultureInfo.InvariantCulture) + 2];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return Bytes.GetString(bytes.AsSpan(..^2));
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var (line, one) = (new StringBuilder(), new byte[1]);
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
                return line.ToString(0, line.Length - 1);
            line.Append((char)one[0]);
        }
        return null;
    }
}
