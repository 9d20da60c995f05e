using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Notify.Workers.Email.Smtp;

/// <summary>One session with the mail server, logged in, for one message at a time.</summary>
internal sealed class SmtpConnection : IDisposable
{
    /// <summary>A server that does not answer QUIT is left without its answer.</summary>
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    private readonly SmtpClient _client;
    private readonly SmtpWire _wire;
    private readonly TimeProvider _time;
    private readonly long _openedAt;

    private SmtpConnection(SmtpClient client, SmtpWire wire, TimeProvider time)
    {
        (_client, _wire, _time) = (client, wire, time);
        _openedAt = time.GetTimestamp();
    }

    public bool IsAlive => _client.IsConnected;

    public TimeSpan Age => _time.GetElapsedTime(_openedAt);

    /// <summary>Messages begun over this connection, sent or refused.</summary>
    public int Messages { get; private set; }

    public bool FinalDotSent => _wire.FinalDotSent;

    public bool Answered => _wire.Answered;

    public bool CarriesUtf8 => _client.Capabilities.HasFlag(SmtpCapabilities.UTF8);

    public static async Task<SmtpConnection> OpenAsync(SmtpOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var wire = new SmtpWire();
        var client = new SmtpClient(wire) { Timeout = (int)options.Timeout.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(options.Host, options.Port, SecurityOf(options.Security), cancellationToken);
            if (!string.IsNullOrEmpty(options.UserName))
                await client.AuthenticateAsync(options.UserName, options.Password ?? "", cancellationToken);
            return new SmtpConnection(client, wire, time);
        }
        catch
        {
            Dispose(client);
            throw;
        }
    }

    /// <summary>Sends; returns the text of the server's final reply.</summary>
    public Task<string> SendAsync(ComposedMail mail, CancellationToken cancellationToken)
    {
        Messages++;
        _wire.BeginMessage();
        return _client.SendAsync(mail.Content, mail.Sender, [mail.Recipient], cancellationToken);
    }

    /// <summary>Says good-bye and closes; never throws.</summary>
    public async Task CloseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(QuitTimeout, _time);
            if (_client.IsConnected)
                await _client.DisconnectAsync(quit: true, patience.Token);
        }
#pragma warning disable CA1031 // The server has all that it accepted, whatever comes of the good-bye, and the pool's slot must come back.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Closed without its answer.
        }
        Dispose();
    }

    /// <summary>Closes without a good-bye; never throws.</summary>
    public void Dispose() => Dispose(_client);

    /// <summary>
    /// A socket or a TLS session that is broken may throw once more when it is closed, and nobody can do anything about that.
    /// </summary>
    private static void Dispose(SmtpClient client)
    {
        try
        {
            client.Dispose();
        }
#pragma warning disable CA1031 // As above: nothing is left to be done with the connection.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It is closed all the same.
        }
    }

    internal static SecureSocketOptions SecurityOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.Auto => SecureSocketOptions.Auto,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.SslOnConnect => SecureSocketOptions.SslOnConnect,
            _ => throw new ArgumentOutOfRangeException(nameof(security), security, null),
        };
}
