using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;

namespace MailKit.Net.Smtp;

/// <summary>The connection below a session: TCP, TLS, and the name we go by.</summary>
internal static class SmtpTransport
{
    public static async Task<SmtpStream> ConnectAsync(string host, int port, int timeout, IProtocolLogger logger, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var stream = default(SmtpStream);
        try
        {
            using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            source.CancelAfter(timeout);
            try
            {
                await socket.ConnectAsync(host, port, source.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Connecting timed out after {timeout} milliseconds");
            }

            stream = new SmtpStream(new NetworkStream(socket, ownsSocket: true), logger) { Timeout = timeout };
            return stream;
        }
        finally
        {
            if (stream is null)
                socket.Dispose();
        }
    }

    /// <summary>The handshake. Whatever goes wrong in it, cancellation too, is inside an <see cref="SslHandshakeException"/>, as in the real package.</summary>
    public static async Task SecureAsync(
        SmtpStream stream, string host, bool checkRevocation, RemoteCertificateValidationCallback? validate, CancellationToken cancellationToken)
    {
        var tls = new SslStream(stream.Stream, leaveInnerStreamOpen: false);
        stream.Secure(tls);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateRevocationCheckMode = checkRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = validate is null
                ? null
                : (_, certificate, chain, errors) => validate(host, certificate, chain, errors),
        };
        try
        {
            await stream.WithTimeoutAsync(
                async token =>
                {
                    await tls.AuthenticateAsClientAsync(options, token).ConfigureAwait(false);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            throw new SslHandshakeException("An error occurred while attempting to establish an SSL or TLS connection.", fault);
        }
    }

    /// <summary>The EHLO name: an address in brackets, a domain as it is, else this machine's name if it can be one.</summary>
    public static string GreetingName(string? localDomain)
    {
        if (string.IsNullOrEmpty(localDomain))
        {
            var machine = Dns.GetHostName();
            return machine.Length > 0 && machine.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? machine : "localhost";
        }

        if (localDomain.Any(c => char.IsControl(c) || c == ' '))
            throw new ArgumentException("The local domain holds white space or control characters.", nameof(localDomain));
        if (!IPAddress.TryParse(localDomain, out var address))
            return localDomain;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? $"[IPv6:{address}]" : $"[{address.MapToIPv4()}]";
    }
}
