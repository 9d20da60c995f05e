using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

/// <summary>Sends through an SMTP server, one recipient a transaction.</summary>
internal sealed class SmtpProvider(
    SmtpConnectionPool pool,
    MailComposer composer,
    IOptions<SmtpOptions> options,
    IOptions<EmailOptions> mails
) : IProvider<EmailMessage>
{
    private readonly string _from = MailboxAddress.Parse(mails.Value.From).Address;

    public string Name => "smtp";

    public string Credential => pool.Server;

    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    public int? Concurrency { get; } = options.Value.MaxConnections;

    public bool CanSend(DeliveryTarget target) => true;

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => MailScopes.Of(_from, target.Address).All;

    public async Task<Outcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        if (!composer.TryCompose(message, out var mail, out var refusal))
            return refusal;
        var scopes = MailScopes.Of(_from, message.To);
        try
        {
            using var lease = await pool.RentAsync(message.Critical, cancellationToken);
            var (outcome, foundDead) = await AttemptAsync(lease.Connection, mail, scopes, cancellationToken);
            if (!foundDead)
                return outcome;
            await lease.ReopenAsync(cancellationToken);
            return (await AttemptAsync(lease.Connection, mail, scopes, cancellationToken)).Outcome;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && SmtpFaults.WhileConnecting(fault) is not null)
        {
            return SmtpFaults.WhileConnecting(fault, scopes)!;
        }
        catch (Exception fault) when (cancellationToken.IsCancellationRequested && fault is not OperationCanceledException)
        {
            throw new OperationCanceledException("The send was cancelled.", fault, cancellationToken); // TLS wraps a cancellation
        }
    }

    /// <summary>
    /// One transaction. A connection that served before and breaks before the server said anything about this mail was closed
    /// while it was idle: then the attempt is yet to be made, over another one.
    /// </summary>
    private static async Task<(Outcome Outcome, bool FoundDead)> AttemptAsync(
        SmtpConnection connection,
        ComposedMail mail,
        MailScopes scopes,
        CancellationToken cancellationToken
    )
    {
        if (mail.NeedsUtf8 && !connection.CarriesUtf8)
            return (
                new Outcome(
                    OutcomeKind.Permanent,
                    Code: "smtputf8",
                    Detail: "The address is not ASCII and the server does not take such addresses."
                ),
                false
            );

        var served = connection.Messages > 0;
        try
        {
            var reply = await connection.SendAsync(mail, cancellationToken);
            return (Outcome.Sent(QueueId.Find(reply) ?? mail.Content.MessageId), false);
        }
        catch (Exception fault)
            when (SmtpFaults.WhileSending(fault, connection.FinalDotSent) is not null
                && !(cancellationToken.IsCancellationRequested && IsNoAnswer(fault))
            )
        {
            var closedWhileIdle = IsNoAnswer(fault)
                ? !connection.Answered && !connection.FinalDotSent
                : fault
                    is SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted, StatusCode: SmtpStatusCode.ServiceNotAvailable };
            var outcome = SmtpFaults.WhileSending(fault, connection.FinalDotSent, scopes)!;
            if (outcome is { Kind: OutcomeKind.Sent, ProviderMessageId: null })
                outcome = Outcome.Sent(mail.Content.MessageId);
            return (outcome, served && closedWhileIdle);
        }
    }

    private static bool IsNoAnswer(Exception fault) => fault is not (SmtpCommandException or MailKit.ServiceNotAuthenticatedException);
}
