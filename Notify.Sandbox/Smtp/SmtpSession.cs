using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Smtp;

/// <summary>
/// One mail session. Works through all commands that have arrived and sends their replies together, so that a pipelined mail costs one read
/// and one write for each direction change.
/// </summary>
/// <remarks>Longer than other files, because each command depends on what the ones before it left behind.</remarks>
internal sealed class SmtpSession(SmtpServices services, PipeReader input, PipeWriter output, bool secure)
{
    private const int MaxLine = 4096;
    private const int MaxRecipients = 1000;
    private static readonly byte[] Ehlo = SmtpReplies.Ehlo.ToArray();
    private static readonly byte[] EhloSecure = SmtpReplies.EhloSecure.ToArray();
    private static readonly byte[] Helo = SmtpReplies.Helo.ToArray();
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);
    private readonly MailData _data = new();
    private readonly SmtpAuth _auth = new();
    private readonly List<string> _recipients = [];
    private string? _helo;
    private string? _sender;
    private bool _inData;
    private Behaviour? _atDot;
    private SmtpEnd? _end;

    public async Task<SmtpEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(IdleLimit, services.Time);
        await using var stop = cancellationToken.Register(idle.Cancel);
        try
        {
            if (!secure && !await MisbehavesAsync(SmtpStage.Connect, idle.Token))
                output.Write(SmtpReplies.Greeting);
            while (_end is null)
            {
                await output.FlushAsync(idle.Token);
                idle.CancelAfter(IdleLimit);
                var result = await input.ReadAsync(idle.Token);
                var left = await WorkAsync(result.Buffer, idle.Token);
                input.AdvanceTo(left.Start, left.End);
                if (result.IsCompleted)
                    _end ??= SmtpEnd.Closed;
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested)
        {
            output.Write(cancellationToken.IsCancellationRequested ? SmtpReplies.Stopping : SmtpReplies.Idle);
            _end = SmtpEnd.Closed;
        }

        if (_end != SmtpEnd.HangUp)
            await output.FlushAsync(CancellationToken.None);
        return _end.Value;
    }

    private async ValueTask<ReadOnlySequence<byte>> WorkAsync(ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        while (_end is null)
        {
            if (_inData)
            {
                if (!_data.TryFinish(ref buffer))
                    break;
                _inData = false;
                await AcceptAsync(cancellationToken);
            }
            else if (TryReadLine(ref buffer, out var line))
            {
                if (_auth.Expecting)
                    output.Write(_auth.Answer(line));
                else
                    await ObeyAsync(line, cancellationToken);
            }
            else
            {
                break;
            }
        }

        if (_end == SmtpEnd.StartTls && !buffer.IsEmpty)
            _end = SmtpEnd.HangUp; // commands sent in the clear ahead of the handshake must not be taken for encrypted ones
        return buffer;
    }

    private bool TryReadLine(ref ReadOnlySequence<byte> buffer, out string line)
    {
        line = "";
        var end = buffer.PositionOf((byte)'\n');
        if ((end is null ? buffer.Length : buffer.Slice(0, end.Value).Length) > MaxLine)
        {
            output.Write(SmtpReplies.LineTooLong);
            _end = SmtpEnd.Closed;
            return false;
        }

        if (end is null)
            return false;
        line = Encoding.UTF8.GetString(buffer.Slice(0, end.Value)).TrimEnd('\r');
        buffer = buffer.Slice(buffer.GetPosition(1, end.Value));
        return true;
    }

    private async ValueTask ObeyAsync(string line, CancellationToken cancellationToken)
    {
        var space = line.IndexOf(' ');
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        switch ((space < 0 ? line : line[..space]).ToUpperInvariant())
        {
            case "EHLO":
                await GreetAsync(argument, secure ? EhloSecure : Ehlo, cancellationToken);
                break;
            case "HELO":
                await GreetAsync(argument, Helo, cancellationToken);
                break;
            case "MAIL":
                await MailAsync(argument, cancellationToken);
                break;
            case "RCPT":
                await RecipientAsync(argument, cancellationToken);
                break;
            case "DATA":
                await DataAsync(cancellationToken);
                break;
            case "AUTH":
                if (!await MisbehavesAsync(SmtpStage.Auth, cancellationToken))
                    output.Write(_helo is null ? SmtpReplies.BadSequence : _auth.Start(argument));
                break;
            case "STARTTLS" when !secure:
                output.Write(SmtpReplies.StartTls);
                _end = SmtpEnd.StartTls;
                break;
            case "RSET":
                Reset();
                output.Write(SmtpReplies.Ok);
                break;
            case "NOOP":
                output.Write(SmtpReplies.Ok);
                break;
            case "QUIT":
                output.Write(SmtpReplies.Bye);
                _end = SmtpEnd.Closed;
                break;
            default:
                output.Write(SmtpReplies.NotKnown);
                break;
        }
    }

    private async ValueTask GreetAsync(string name, byte[] reply, CancellationToken cancellationToken)
    {
        if (await MisbehavesAsync(SmtpStage.Ehlo, cancellationToken))
            return;
        if (name.Length == 0)
        {
            output.Write(SmtpReplies.BadSyntax);
            return;
        }

        Reset();
        _helo = name;
        output.Write(reply);
    }

    private async ValueTask MailAsync(string argument, CancellationToken cancellationToken)
    {
        if (await MisbehavesAsync(SmtpStage.Mail, cancellationToken))
            return;
        var sender = SmtpPath.Parse(argument, "FROM:", out var parameters);
        if (_helo is null || _sender is not null)
            output.Write(SmtpReplies.BadSequence);
        else if (sender is null)
            output.Write(SmtpReplies.BadSender);
        else if (SmtpPath.SizeOf(parameters) > MailData.MaxSize)
            output.Write(SmtpReplies.TooLarge);
        else
        {
            _sender = sender;
            output.Write(SmtpReplies.SenderOk);
        }
    }

    private async ValueTask RecipientAsync(string argument, CancellationToken cancellationToken)
    {
        var recipient = SmtpPath.Parse(argument, "TO:", out _);
        if (_sender is null)
            output.Write(SmtpReplies.BadSequence);
        else if (recipient is null || !SmtpPath.IsRecipient(recipient))
            output.Write(SmtpReplies.BadRecipient);
        else if (_recipients.Count == MaxRecipients)
            output.Write(SmtpReplies.TooManyRecipients);
        else if (
            services.Behaviours.FindSmtp(SmtpStage.Rcpt, [recipient]) is { } behaviour
            && await MisbehavesAsync(behaviour, cancellationToken)
        )
            return;
        else
        {
            _recipients.Add(recipient);
            output.Write(SmtpReplies.RecipientOk);
        }
    }

    private async ValueTask DataAsync(CancellationToken cancellationToken)
    {
        if (_sender is null || _recipients.Count == 0)
        {
            output.Write(_sender is null ? SmtpReplies.BadSequence : SmtpReplies.NoRecipients);
            return;
        }

        if (
            services.Behaviours.FindSmtp(SmtpStage.Data, _recipients) is { } behaviour
            && await MisbehavesAsync(behaviour, cancellationToken)
        )
        {
            Reset();
            return;
        }

        output.Write(SmtpReplies.GoAhead);
        _atDot = services.Behaviours.FindSmtp(SmtpStage.Dot, _recipients);
        if (_atDot is { Settings.Drop: Drop.BeforeRequest })
        {
            await output.FlushAsync(cancellationToken);
            _end = SmtpEnd.HangUp;
            return;
        }

        _data.Start();
        _inData = true;
    }

    private async ValueTask AcceptAsync(CancellationToken cancellationToken)
    {
        var behaviour = _atDot;
        if (_data.TooLarge)
        {
            services.Store.CountRefused(Provider.Smtp);
            output.Write(SmtpReplies.TooLarge);
        }
        else if (behaviour is { Settings.Refuses: true })
        {
            await MisbehavesAsync(behaviour, cancellationToken);
        }
        else
        {
            var id = services.NextQueueId();
            Record(id, answered: behaviour is not { Settings.Drop: Drop.AfterRequest });
            if (behaviour is null || !await MisbehavesAsync(behaviour, cancellationToken))
                Reply(250, "2.0.0 Ok: queued as " + id);
        }

        Reset();
    }

    private void Record(string id, bool answered)
    {
        var body = _data.ToArray();
        string[] headers = ["HELO", _helo!, "MAIL FROM", _sender!, .. _recipients.SelectMany(recipient => new[] { "RCPT TO", recipient })];
        services.Store.Record(
            new ArrivedMessage
            {
                Provider = Provider.Smtp,
                At = services.Time.GetUtcNow(),
                To = _recipients.Count == 1 ? _recipients[0] : string.Join(", ", _recipients),
                From = _sender!,
                ProviderId = id,
                DeliveryId = DeliveryIds.FromMail(body),
                Headers = headers,
                Body = body,
                Answered = answered,
            }
        );
    }

    private ValueTask<bool> MisbehavesAsync(SmtpStage stage, CancellationToken cancellationToken) =>
        services.Behaviours.FindSmtp(stage, []) is { } behaviour
            ? MisbehavesAsync(behaviour, cancellationToken)
            : ValueTask.FromResult(false);

    /// <returns>Whether the command is done with: refused, or hung up on.</returns>
    private async ValueTask<bool> MisbehavesAsync(Behaviour behaviour, CancellationToken cancellationToken)
    {
        await output.FlushAsync(cancellationToken);
        await behaviour.WaitAsync(services.Time, cancellationToken);
        if (behaviour.Settings.Drop != Drop.None)
        {
            _end = SmtpEnd.HangUp;
            return true;
        }

        if (!behaviour.Settings.Refuses)
            return false;
        var (reply, text) = SmtpRefusal.Of(behaviour.Settings);
        services.Store.CountRefused(Provider.Smtp);
        Reply(reply, text);
        if (reply == 421)
            _end = SmtpEnd.Closed;
        return true;
    }

    private void Reply(int code, string text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{code} {text}\r\n");
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(line.Length));
        output.Advance(Encoding.UTF8.GetBytes(line, span));
    }

    private void Reset()
    {
        _sender = null;
        _recipients.Clear();
        _atDot = null;
    }
}
