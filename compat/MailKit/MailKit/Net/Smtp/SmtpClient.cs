using System.Net;
using System.Net.Security;
using MailKit.Security;
using MimeKit;

namespace MailKit.Net.Smtp;

/// <summary>
/// One SMTP session. After a refusal (<see cref="SmtpCommandException"/>) it goes on; after any other fault, cancellation
/// included, it is disconnected. Not for concurrent use.
/// </summary>
public class SmtpClient : IDisposable
{
    private readonly IProtocolLogger _logger;
    private SmtpStream? _stream;
    private SmtpExtensionList _offered = SmtpExtensionList.None;
    private string _host = "";
    private int _timeout = 120_000;
    private bool _disposed;

    public SmtpClient() : this(new NullProtocolLogger())
    {
    }

    public SmtpClient(IProtocolLogger protocolLogger)
    {
        ArgumentNullException.ThrowIfNull(protocolLogger);
        _logger = protocolLogger;
    }

    /// <summary>Milliseconds for connecting and for each read and write.</summary>
    public int Timeout
    {
        get => _timeout;
        set
        {
            _timeout = value;
            if (_stream is not null)
                _stream.Timeout = value;
        }
    }

    /// <summary>The name given in EHLO; null for the machine's own.</summary>
    public string? LocalDomain { get; set; }

    public bool IsConnected => _stream is not null;

    public bool IsAuthenticated { get; private set; }

    public bool IsSecure { get; private set; }

    public SmtpCapabilities Capabilities => _offered.Capabilities;

    /// <summary>The largest message the server takes, in bytes; 0 where it named none.</summary>
    public uint MaxSize => _offered.MaxSize;

    public HashSet<string> AuthenticationMechanisms { get; } = new(StringComparer.Ordinal);

    public RemoteCertificateValidationCallback? ServerCertificateValidationCallback { get; set; }

    public bool CheckCertificateRevocation { get; set; } = true;

    public async Task ConnectAsync(
        string host, int port = 0, SecureSocketOptions options = SecureSocketOptions.Auto, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (IsConnected)
            throw new InvalidOperationException("The SmtpClient is already connected.");

        if (port == 0)
            port = options == SecureSocketOptions.SslOnConnect ? 465 : 25;
        if (options == SecureSocketOptions.Auto)
            options = port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable;

        _host = host;
        var stream = await SmtpTransport.ConnectAsync(host, port, Timeout, _logger, cancellationToken).ConfigureAwait(false);
        try
        {
            _logger.LogConnect(new UriBuilder(options == SecureSocketOptions.SslOnConnect ? "smtps" : "smtp", host, port).Uri);
            IsSecure = false;
            if (options == SecureSocketOptions.SslOnConnect)
                await SecureAsync(stream, cancellationToken).ConfigureAwait(false);
            Expect(SmtpStatusCode.ServiceReady, await stream.ReadResponseAsync(cancellationToken).ConfigureAwait(false));
            await EhloAsync(stream, cancellationToken).ConfigureAwait(false);
            if (options is SecureSocketOptions.StartTls or SecureSocketOptions.StartTlsWhenAvailable)
                await StartTlsAsync(stream, demanded: options == SecureSocketOptions.StartTls, cancellationToken).ConfigureAwait(false);
            _stream = stream;
        }
        catch
        {
            stream.Dispose();
            Forget();
            throw;
        }
    }

    public async Task AuthenticateAsync(string userName, string password, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        var stream = Connected();
        if (IsAuthenticated)
            throw new InvalidOperationException("The SmtpClient is already authenticated.");
        if (!Capabilities.HasFlag(SmtpCapabilities.Authentication))
            throw new NotSupportedException("The SMTP server does not support authentication.");
        await DisconnectOnFaultAsync(() => SmtpLogin.RunAsync(stream, AuthenticationMechanisms, userName, password, cancellationToken)).ConfigureAwait(false);
        IsAuthenticated = true;
    }

    /// <summary>Sends to the message's recipients from its sender; returns the text of the final reply.</summary>
    public Task<string> SendAsync(MimeMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var sender = message.From.Mailboxes.FirstOrDefault() ?? throw new InvalidOperationException("No sender has been specified.");
        return SendAsync(message, sender, message.To.Mailboxes.Concat(message.Cc.Mailboxes), cancellationToken);
    }

    /// <summary>Sends with an envelope of its own; returns the text of the final reply.</summary>
    public async Task<string> SendAsync(
        MimeMessage message, MailboxAddress sender, IEnumerable<MailboxAddress> recipients, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipients);
        var envelope = new SmtpEnvelope(sender, [.. recipients.DistinctBy(recipient => recipient.Address, StringComparer.OrdinalIgnoreCase)]);
        if (envelope.Recipients.Count == 0)
            throw new InvalidOperationException("No recipients have been specified.");
        var stream = Connected();
        try
        {
            return await new SmtpTransaction(stream, Capabilities, envelope, message).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refusal) when (refusal is SmtpCommandException or ServiceNotAuthenticatedException)
        {
            await ResetAsync(stream, cancellationToken).ConfigureAwait(false);
            throw;
        }
        catch
        {
            Disconnect();
            throw;
        }
    }

    public async Task NoOpAsync(CancellationToken cancellationToken = default)
    {
        var stream = Connected();
        var response = await DisconnectOnFaultAsync(() => stream.SendCommandAsync("NOOP", cancellationToken)).ConfigureAwait(false);
        Expect(SmtpStatusCode.Ok, response);
    }

    public async Task DisconnectAsync(bool quit, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_stream is null)
            return;
        try
        {
            if (quit)
                await _stream.SendCommandAsync("QUIT", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ProtocolException or IOException or TimeoutException)
        {
            // The connection is closed either way.
        }
        finally
        {
            Disconnect();
        }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        Disconnect();
        _logger.Dispose();
        _disposed = true;
    }

    private async Task EhloAsync(SmtpStream stream, CancellationToken cancellationToken)
    {
        var name = SmtpTransport.GreetingName(LocalDomain);
        var response = await stream.SendCommandAsync($"EHLO {name}", cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == SmtpStatusCode.Ok)
        {
            _offered = SmtpExtensionList.Parse(response.Response);
        }
        else
        {
            _offered = SmtpExtensionList.None;
            Expect(SmtpStatusCode.Ok, await stream.SendCommandAsync($"HELO {name}", cancellationToken).ConfigureAwait(false));
        }

        AuthenticationMechanisms.Clear();
        AuthenticationMechanisms.UnionWith(_offered.Mechanisms);
    }

    private async Task StartTlsAsync(SmtpStream stream, bool demanded, CancellationToken cancellationToken)
    {
        if (!Capabilities.HasFlag(SmtpCapabilities.StartTLS))
        {
            if (demanded)
                throw new NotSupportedException("The SMTP server does not support the STARTTLS extension.");
            return;
        }

        Expect(SmtpStatusCode.ServiceReady, await stream.SendCommandAsync("STARTTLS", cancellationToken).ConfigureAwait(false));
        await SecureAsync(stream, cancellationToken).ConfigureAwait(false);
        await EhloAsync(stream, cancellationToken).ConfigureAwait(false);   // what was offered in plain text counts no more
    }

    private async Task SecureAsync(SmtpStream stream, CancellationToken cancellationToken)
    {
        await SmtpTransport.SecureAsync(stream, _host, CheckCertificateRevocation, ServerCertificateValidationCallback, cancellationToken).ConfigureAwait(false);
        IsSecure = true;
    }

    private async Task ResetAsync(SmtpStream stream, CancellationToken cancellationToken)
    {
        try
        {
            var response = await stream.SendCommandAsync("RSET", cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != SmtpStatusCode.Ok)
                Disconnect();
        }
        catch (Exception fault) when (fault is OperationCanceledException or ProtocolException or IOException or TimeoutException)
        {
            Disconnect();   // the refusal that led here is what the caller is told
        }
    }

    private async Task<T> DisconnectOnFaultAsync<T>(Func<Task<T>> exchange)
    {
        try
        {
            return await exchange().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not (AuthenticationException or NotSupportedException))
        {
            Disconnect();
            throw;
        }
    }

    private SmtpStream Connected()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _stream ?? throw new ServiceNotConnectedException("The SmtpClient is not connected.");
    }

    private void Disconnect()
    {
        _stream?.Dispose();
        _stream = null;
        Forget();
    }

    private void Forget()
    {
        IsAuthenticated = IsSecure = false;
        _offered = SmtpExtensionList.None;
    }

    private static void Expect(SmtpStatusCode expected, SmtpResponse response)
    {
        if (response.StatusCode != expected)
            throw new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, response.StatusCode, response.Response);
    }
}
