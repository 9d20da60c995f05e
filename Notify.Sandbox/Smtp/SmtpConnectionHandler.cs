using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Notify.Sandbox.Smtp;

/// <summary>Runs a mail session on each connection of the SMTP port, in the clear and after STARTTLS.</summary>
internal sealed class SmtpConnectionHandler(SmtpServices services) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
            ?? CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stopping);
        try
        {
            var session = new SmtpSession(services, connection.Transport.Input, connection.Transport.Output, secure: false);
            switch (await session.RunAsync(either.Token))
            {
                case SmtpEnd.StartTls:
                    await RunSecureAsync(connection, either.Token);
                    break;
                case SmtpEnd.HangUp:
                    connection.Abort(new ConnectionAbortedException("A sandbox behaviour asked for it."));
                    break;
            }
        }
        catch (Exception gone)
            when (gone is OperationCanceledException or IOException or System.Security.Authentication.AuthenticationException)
        {
            connection.Abort(); // the sender went away, the handshake failed, or the sandbox stops
        }
    }

    private async Task RunSecureAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var plain = new DuplexStream(connection.Transport.Input.AsStream(), connection.Transport.Output.AsStream());
        await using var tls = new SslStream(plain);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = services.Certificate.Certificate },
            cancellationToken
        );
        var session = new SmtpSession(services, PipeReader.Create(tls), PipeWriter.Create(tls), secure: true);
        if (await session.RunAsync(cancellationToken) == SmtpEnd.HangUp)
            connection.Abort(new ConnectionAbortedException("A sandbox behaviour asked for it."));
    }
}
