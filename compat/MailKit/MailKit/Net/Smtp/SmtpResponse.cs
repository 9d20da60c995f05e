namespace MailKit.Net.Smtp;

/// <summary>One reply, its lines joined by <c>\n</c> without their codes.</summary>
public class SmtpResponse(SmtpStatusCode code, string response)
{
    public SmtpStatusCode StatusCode { get; } = code;

    public string Response { get; } = response;
}
