using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;

namespace Notify.Workers.Email.Smtp;

/// <summary>Sends through an SMTP server, one recipient a transaction.</summary>
internal sealed class SmtpProvider(SmtpConnectionPool pool, MailComposer composer, IOptions<SmtpOptions> options) : IProvider<EmailMessage>
{
    public string Name => "smtp";

    public string Credential => pool.Server;

    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    public int? Concurrency { get; } = options.Value.MaxConnections;

    public bool CanSend(EmailMessage message) => true;

    public async Task<Outcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        if (!composer.TryCompose(message, out var mail, out var refusal))
            return refusal;
        try
        {
            using var lease = await pool.RentAsync(message.Critical, cancellationToken);
            var (outcome, foundDead) = await AttemptAsync(lease.Connection, mail, cancellationToken);
            if (!foundDead)
                return outcome;
            await lease.ReopenAsync(cancellationToken);
            return (await AttemptAsync(lease.Connection, mail, cancellationToken)).Outcome;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && SmtpFaults.WhileConnecting(fault) is not null)
        {
            return SmtpFaults.WhileConnecting(fault)!;
        }
        catch (Exception fault) when (cancellationToken.IsCancellationRequested && fault is not OperationCanceledException)
        {
            throw new OperationCanceledException("The send was cancelled.", fault, cancellationToken);   // TLS wraps a cancellation
        }
    }

    /// <summary>
    /// One transaction. A connection that served before and breaks before the server said anything about this mail was closed
    /// while it was idle: then the attempt is yet to be made, over another one.
    /// </summary>
    private static async Task<(Outcome Outcome, bool FoundDead)> AttemptAsync(SmtpConnection connection, ComposedMail mail, CancellationToken cancellationToken)
    {
        if (mail.NeedsUtf8 && !connection.CarriesUtf8)
            return (new Outcome(OutcomeKind.Permanent, Code: "smtputf8", Detail: "The address is not ASCII and the server does not take such addresses."), false);

        var served = connection.Messages > 0;
        try
        {
            var reply = await connection.SendAsync(mail, cancellationToken);
            return (Outcome.Sent(QueueId.Find(reply) ?? mail.Content.MessageId), false);
        }
        catch (Exception fault) when (SmtpFaults.WhileSending(fault, connection.FinalDotSent) is not null && !(cancellationToken.IsCancellationRequested && IsNoAnswer(fault)))
        {
            var closedWhileIdle = IsNoAnswer(fault)
                ? !connection.Answered && !connection.FinalDotSent
                : fault is SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted, StatusCode: SmtpStatusCode.ServiceNotAvailable };
            return (SmtpFaults.WhileSending(fault, connection.FinalDotSent)!, served && closedWhileIdle);
        }
    }

    private static bool IsNoAnswer(Exception fault) => fault is not (SmtpCommandException or MailKit.ServiceNotAuthenticatedException);
}
