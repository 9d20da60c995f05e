using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Aspire.Hosting.Dashboard.Serving;
using Google.Protobuf;

namespace Notify.Tests.StandIns.Dashboard.Serving;

/// <summary>Calls the resource service the way the dashboard does, over a connection of its own.</summary>
internal sealed class GrpcPeer(Uri address, string? key) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler()) { BaseAddress = address };

    public Task<GrpcReply> CallAsync(string method, IMessage request, CancellationToken cancellationToken) =>
        CallAsync(method, new ByteArrayContent(Frame(request.ToByteArray())), cancellationToken);

    public async Task<GrpcReply> CallAsync(string method, HttpContent content, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/aspire.v1.DashboardService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType ??= new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (key is not null)
            request.Headers.Add(ResourceServer.ApiKeyHeader, key);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new GrpcReply(response, await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    public static byte[] Frame(byte[] message, byte compressed = 0)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>An answer whose messages are read one by one.</summary>
internal sealed class GrpcReply(HttpResponseMessage response, Stream body) : IDisposable
{
    public HttpStatusCode HttpStatus => response.StatusCode;

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    /// <summary>The next message, or null at the end.</summary>
    public async Task<T?> NextAsync<T>(MessageParser<T> parser, CancellationToken cancellationToken) where T : class, IMessage<T>
    {
        var header = new byte[5];
        if (await body.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false, cancellationToken) < 5)
            return null;
        Assert.Equal(0, header[0]);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancellationToken);
        return parser.ParseFrom(message);
    }

    /// <summary>Reads to the end; the status is in the trailers.</summary>
    public async Task<(GrpcStatus Status, string Message)> EndAsync(CancellationToken cancellationToken)
    {
        await body.CopyToAsync(Stream.Null, cancellationToken);
        var message = response.TrailingHeaders.TryGetValues("grpc-message", out var texts) ? Uri.UnescapeDataString(texts.Single()) : "";
        return ((GrpcStatus)int.Parse(response.TrailingHeaders.GetValues("grpc-status").Single(), System.Globalization.CultureInfo.InvariantCulture), message);
    }

    public void Dispose() => response.Dispose();
}
