namespace MailKit.Net.Smtp;

/// <summary>The server closed the connection unexpectedly or sent what is no SMTP reply.</summary>
public class SmtpProtocolException : ProtocolException
{
    public SmtpProtocolException() : base("The SMTP session broke.")
    {
    }

    public SmtpProtocolException(string message) : base(message)
    {
    }

    public SmtpProtocolException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
