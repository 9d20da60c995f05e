using System.Net;
using System.Net.Http;
using Notify.Core.Channels;

namespace Notify.Sending.Http;

/// <summary>
/// Turns every way a call can end without a whole answer into a <see cref="TransportException"/> that says whether the request may have
/// arrived. The answer's body is read in here, so a connection that breaks halfway through it is such a fault too.
/// A stream that the peer refused or never looked at (REFUSED_STREAM, GOAWAY) is sent again on another connection by
/// <see cref="SocketsHttpHandler"/> itself; only when that fails as well does it reach this handler.
/// </summary>
public sealed class FaultReportingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Answers are a few hundred bytes; a proxy's page may be longer.</summary>
    private const long MaxAnswerBytes = 256 * 1024;

    private const long RefusedStream = 0x7; // RFC 9113, section 7

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new TrackedContent(request.Content ?? new ByteArrayContent([]));
        request.Content = content;
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return response;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            response?.Dispose();
            throw new TransportException(content.HandedOver && !WasRefused(fault), CodeOf(fault), fault);
        }
    }

    private static bool WasRefused(Exception fault) => ProtocolErrorOf(fault) == RefusedStream;

    private static string CodeOf(Exception fault) =>
        fault switch
        {
            OperationCanceledException => "timeout",
            _ when WasRefused(fault) => "refused_stream",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "name_resolution",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "tls",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "connection",
            _ => "connection_lost",
        };

    private static long? ProtocolErrorOf(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is HttpProtocolException protocol)
                return protocol.ErrorCode;
        }

        return null;
    }
}
