using System.Globalization;
using MimeKit;

namespace MailKit.Net.Smtp;

/// <summary>
/// MAIL, RCPT, DATA and the content. Where the server offers PIPELINING, MAIL and all RCPT travel together; DATA always waits
/// for their answers, because a server that accepted nobody may still ask for the content.
/// </summary>
internal sealed class SmtpTransaction(
    SmtpStream stream, SmtpCapabilities capabilities, SmtpEnvelope envelope, MimeMessage message)
{
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var content = message.ToBytes();
        var commands = new List<string> { MailCommand(content.Length) };
        commands.AddRange(envelope.Recipients.Select(recipient => $"RCPT TO:<{AddressOf(recipient)}>"));
        if (capabilities.HasFlag(SmtpCapabilities.Pipelining))
            await PipelineAsync(commands, cancellationToken).ConfigureAwait(false);
        else
            await OneByOneAsync(commands, cancellationToken).ConfigureAwait(false);

        var go = await stream.SendCommandAsync("DATA", cancellationToken).ConfigureAwait(false);
        if (go.StatusCode != SmtpStatusCode.StartMailInput)
            throw new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, go.StatusCode, go.Response);
        var stuffed = DotStuffing.Apply(content);
        await stream.WriteAsync(stuffed, 0, stuffed.Length, cancellationToken).ConfigureAwait(false);
        return Final(await stream.ReadResponseAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task OneByOneAsync(List<string> commands, CancellationToken cancellationToken)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            var response = await stream.SendCommandAsync(commands[i], cancellationToken).ConfigureAwait(false);
            if (RefusalOf(i, response) is { } refusal)
                throw refusal;
        }
    }

    /// <summary>Reads every answer before judging the first refusal, so that the next command meets its own answer.</summary>
    private async Task PipelineAsync(List<string> commands, CancellationToken cancellationToken)
    {
        commands.ForEach(stream.Queue);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var refusal = default(Exception);
        for (var i = 0; i < commands.Count; i++)
        {
            try
            {
                var response = await stream.ReadResponseAsync(cancellationToken).ConfigureAwait(false);
                refusal ??= RefusalOf(i, response);
            }
            catch (Exception fault) when (refusal is not null && fault is ProtocolException or IOException or TimeoutException)
            {
                throw refusal;   // a server that said why it closes (421) is more telling than the closed connection
            }
        }

        if (refusal is not null)
            throw refusal;
    }

    private Exception? RefusalOf(int command, SmtpResponse response)
    {
        var code = (int)response.StatusCode;
        if (code is >= 200 and < 300)
            return null;
        if (response.StatusCode == SmtpStatusCode.AuthenticationRequired)
            return new ServiceNotAuthenticatedException(response.Response);
        return command == 0
            ? new SmtpCommandException(SmtpErrorCode.SenderNotAccepted, response.StatusCode, envelope.Sender, response.Response)
            : new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, response.StatusCode, envelope.Recipients[command - 1], response.Response);
    }

    private static string Final(SmtpResponse response) => response.StatusCode switch
    {
        SmtpStatusCode.Ok => response.Response,
        SmtpStatusCode.AuthenticationRequired => throw new ServiceNotAuthenticatedException(response.Response),
        _ => throw new SmtpCommandException(SmtpErrorCode.MessageNotAccepted, response.StatusCode, response.Response),
    };

    private bool Utf8 => capabilities.HasFlag(SmtpCapabilities.UTF8) && envelope.IsInternational;

    private string AddressOf(MailboxAddress mailbox) => mailbox.GetAddress(idnEncode: !Utf8);

    private string MailCommand(int size) =>
        $"MAIL FROM:<{AddressOf(envelope.Sender)}>" + (Utf8 ? " SMTPUTF8" : "")
        + (capabilities.HasFlag(SmtpCapabilities.Size) ? string.Create(CultureInfo.InvariantCulture, $" SIZE={size}") : "");
}
