using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Workers.Email.Smtp;

/// <summary>What an exception of the mail client means: a refusal by the table, a broken connection by how far the message came.</summary>
internal static class SmtpFaults
{
    /// <summary>The outcome of a fault while a connection was made; null for one that is none of the network or the server.</summary>
    public static Outcome? WhileConnecting(Exception fault, MailScopes? scopes = null) =>
        fault switch
        {
            SmtpCommandException refused => Refused(refused, SmtpPhase.Connect, scopes),
            AuthenticationException { InnerException: SmtpCommandException refused } => Refused(refused, SmtpPhase.Login, scopes),
            AuthenticationException => new Outcome(OutcomeKind.Misconfigured, Code: "login", Detail: "The server refuses our login."),
            NotSupportedException => new Outcome(
                OutcomeKind.Misconfigured,
                Code: "unsupported",
                Detail: "The server offers no STARTTLS or no login that we know."
            ),
            SslHandshakeException { InnerException: System.Security.Authentication.AuthenticationException } => new Outcome(
                OutcomeKind.Misconfigured,
                Code: "tls",
                Detail: "The server's certificate is not trusted, or it speaks no TLS on this port."
            ),
            SslHandshakeException => new Outcome(OutcomeKind.Transient, Code: "tls", Detail: "The connection broke while TLS was set up."),
            SocketException => new Outcome(OutcomeKind.Transient, Code: "connect", Detail: "The server cannot be reached."),
            _ when Breaks(fault) is { } code => new Outcome(
                OutcomeKind.Transient,
                Code: code,
                Detail: "The connection broke before the message was sent."
            ),
            _ => null,
        };

    /// <summary>The outcome of a fault while a message was sent; null for one that is none of the network or the server.</summary>
    public static Outcome? WhileSending(Exception fault, bool finalDotSent, MailScopes? scopes = null) =>
        fault switch
        {
            // Any 2yz after the final dot is a yes (RFC 5321 §4.2.1), though the client knows only 250.
            SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } taken when (int)taken.StatusCode / 100 == 2 =>
                Outcome.Sent(QueueId.Find(taken.Message)),
            SmtpCommandException refused => Refused(refused, PhaseOf(refused.ErrorCode), scopes),
            ServiceNotAuthenticatedException refused => SmtpFailures.Classify(
                SmtpReply.Parse(530, refused.Message),
                SmtpPhase.Sender,
                scopes
            ),
            _ when Breaks(fault) is { } code => finalDotSent
                ? new Outcome(
                    OutcomeKind.Ambiguous,
                    Code: code,
                    Detail: "The connection broke after the message was sent and before it was confirmed."
                )
                : new Outcome(OutcomeKind.Transient, Code: code, Detail: "The connection broke before the message was sent."),
            _ => null,
        };

    private static Outcome Refused(SmtpCommandException refused, SmtpPhase phase, MailScopes? scopes) =>
        SmtpFailures.Classify(SmtpReply.Parse((int)refused.StatusCode, refused.Message), phase, scopes);

    private static SmtpPhase PhaseOf(SmtpErrorCode code) =>
        code switch
        {
            SmtpErrorCode.SenderNotAccepted => SmtpPhase.Sender,
            SmtpErrorCode.RecipientNotAccepted => SmtpPhase.Recipient,
            SmtpErrorCode.MessageNotAccepted => SmtpPhase.Content,
            _ => SmtpPhase.Data, // the only other command of a transaction
        };

    /// <summary>The code of a broken connection; null for any other fault. TLS wraps a timeout of the stream below it.</summary>
    private static string? Breaks(Exception fault) =>
        fault switch
        {
            TimeoutException or IOException { InnerException: TimeoutException } or OperationCanceledException => "timeout",
            IOException or SocketException or ProtocolException or ServiceNotConnectedException or ObjectDisposedException => "dropped",
            _ => null,
        };
}
