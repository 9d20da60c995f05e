namespace Notify.Sandbox.Smtp;

/// <summary>Replies that never change.</summary>
internal static class SmtpReplies
{
    public static ReadOnlySpan<byte> Greeting => "220 notify-sandbox ESMTP\r\n"u8;

    public static ReadOnlySpan<byte> Ehlo =>
        "250-notify-sandbox\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES\r\n"u8;

    public static ReadOnlySpan<byte> EhloSecure =>
        "250-notify-sandbox\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES\r\n"u8;

    public static ReadOnlySpan<byte> Helo => "250 notify-sandbox\r\n"u8;

    public static ReadOnlySpan<byte> Ok => "250 2.0.0 Ok\r\n"u8;

    public static ReadOnlySpan<byte> SenderOk => "250 2.1.0 Ok\r\n"u8;

    public static ReadOnlySpan<byte> RecipientOk => "250 2.1.5 Ok\r\n"u8;

    public static ReadOnlySpan<byte> GoAhead => "354 End data with <CR><LF>.<CR><LF>\r\n"u8;

    public static ReadOnlySpan<byte> Authenticated => "235 2.7.0 Authentication successful\r\n"u8;

    public static ReadOnlySpan<byte> Bye => "221 2.0.0 Bye\r\n"u8;

    public static ReadOnlySpan<byte> Stopping => "421 4.3.2 notify-sandbox is shutting down\r\n"u8;

    public static ReadOnlySpan<byte> Idle => "421 4.4.2 notify-sandbox timeout exceeded\r\n"u8;

    public static ReadOnlySpan<byte> StartTls => "220 2.0.0 Ready to start TLS\r\n"u8;

    public static ReadOnlySpan<byte> NotKnown => "502 5.5.2 Command not recognized\r\n"u8;

    public static ReadOnlySpan<byte> BadSequence => "503 5.5.1 Bad sequence of commands\r\n"u8;

    public static ReadOnlySpan<byte> NoRecipients => "554 5.5.1 No valid recipients\r\n"u8;

    public static ReadOnlySpan<byte> BadSyntax => "501 5.5.4 Syntax error in parameters\r\n"u8;

    public static ReadOnlySpan<byte> BadSender => "501 5.1.7 Bad sender address syntax\r\n"u8;

    public static ReadOnlySpan<byte> BadRecipient => "501 5.1.3 Bad recipient address syntax\r\n"u8;

    public static ReadOnlySpan<byte> TooManyRecipients => "452 4.5.3 Too many recipients\r\n"u8;

    public static ReadOnlySpan<byte> TooLarge => "552 5.3.4 Message size exceeds fixed limit\r\n"u8;

    public static ReadOnlySpan<byte> LineTooLong => "500 5.5.2 Line too long\r\n"u8;

    public static ReadOnlySpan<byte> AuthCancelled => "501 5.7.0 Authentication cancelled\r\n"u8;

    public static ReadOnlySpan<byte> AuthMechanism => "504 5.5.4 Unrecognized authentication type\r\n"u8;

    /// <summary>The words for a reply that a behaviour gives without its own.</summary>
    public static string TextOf(int reply) =>
        reply switch
        {
            421 => "4.3.2 Service not available, closing transmission channel",
            450 => "4.2.1 Mailbox temporarily unavailable",
            451 => "4.3.0 Requested action aborted: local error in processing",
            452 => "4.3.1 Insufficient system storage",
            454 => "4.7.0 Temporary authentication failure",
            530 => "5.7.0 Authentication required",
            535 => "5.7.8 Authentication credentials invalid",
            550 => "5.1.1 The email account that you tried to reach does not exist",
            552 => "5.2.2 Mailbox full",
            553 => "5.1.3 Mailbox name not allowed",
            554 => "5.7.1 Message rejected",
            _ => reply < 500 ? "4.0.0 Asked for by a sandbox behaviour" : "5.0.0 Asked for by a sandbox behaviour",
        };
}
