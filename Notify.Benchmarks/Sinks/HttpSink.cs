using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notify.Benchmarks.Sinks;

/// <summary>FCM over cleartext HTTP/2 (100 streams a connection, as the real one) on one port; Google's token endpoint and Twilio over
/// HTTP/1.1 on another. Accepts everything.</summary>
internal sealed class HttpSink : IProviderSink
{
    private readonly WebApplication _application;
    private (Arrivals Backlog, Arrivals? Probes) _expected = (new Arrivals(0), null);
    private byte[]? _sample;

    private HttpSink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    public int Port { get; private set; }

    public int PlainPort { get; private set; }

    /// <summary>The body of a message that came since something is expected.</summary>
    public byte[] Sample => _sample ?? throw new InvalidOperationException("No message came.");

    public static async Task<HttpSink> StartAsync(CancellationToken cancellationToken)
    {
        var sink = new HttpSink();
        await sink._application.StartAsync(cancellationToken);
        var addresses = sink
            ._application.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(address => new Uri(address).Port)
            .ToList();
        (sink.Port, sink.PlainPort) = (addresses[0], addresses[1]);
        return sink;
    }

    public Arrivals Expect(int backlog, Arrivals? probes = null)
    {
        _expected = (new Arrivals(backlog), probes);
        _sample = null;
        return _expected.Backlog;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        http.Response.ContentType = "application/json";
        if (path == "/token")
        {
            await WriteAsync(http, """{"access_token":"benchmark","expires_in":3599,"token_type":"Bearer"}"""u8);
            return;
        }
        var body = await ReadAsync(http.Request);
        var push = path.EndsWith("messages:send", StringComparison.Ordinal);
        Count(body, push ? "\"token\":\""u8 : "To=%2B1500"u8, phone: !push);
        http.Request.BodyReader.AdvanceTo(body.End); // a connection whose request was not taken whole is closed after the answer
        if (push)
        {
            await WriteAsync(http, """{"name":"projects/benchmark/messages/0:1"}"""u8);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status201Created;
            await WriteAsync(http, """{"sid":"SM00000000000000000000000000000000","status":"queued","num_segments":"1"}"""u8);
        }
    }

    private void Count(ReadOnlySequence<byte> body, ReadOnlySpan<byte> prefix, bool phone)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        var at = bytes.IndexOf(prefix);
        _sample ??= bytes.ToArray();
        var address = at < 0 ? default : bytes[(at + prefix.Length)..];
        var known = phone
            ? NumberedAddress.TryReadPhone(address, out var number, out var probe)
            : NumberedAddress.TryRead(address, out number, out probe);
        var (backlog, probes) = _expected;
        (probe && probes is not null ? probes : backlog).Arrived(known ? number : -1);
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.IsCompleted)
                return read.Buffer;
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ValueTask WriteAsync(HttpContext http, ReadOnlySpan<byte> json)
    {
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);
        return ValueTask.CompletedTask; // the server flushes what was written when the request ends
    }
}
