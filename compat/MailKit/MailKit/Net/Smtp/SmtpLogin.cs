using System.Text;
using MailKit.Security;

namespace MailKit.Net.Smtp;

/// <summary>AUTH (RFC 4954) by PLAIN, else LOGIN: the two that every submission server has under TLS.</summary>
internal static class SmtpLogin
{
    public static async Task<SmtpResponse> RunAsync(
        SmtpStream stream, IReadOnlySet<string> offered, string userName, string password, CancellationToken cancellationToken)
    {
        var refusal = default(SmtpCommandException);
        foreach (var mechanism in (string[])["PLAIN", "LOGIN"])
        {
            if (!offered.Contains(mechanism))
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            var response = mechanism == "PLAIN"
                ? await PlainAsync(stream, userName, password, cancellationToken).ConfigureAwait(false)
                : await LoginAsync(stream, userName, password, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == SmtpStatusCode.AuthenticationSuccessful)
                return response;
            refusal = new SmtpCommandException(SmtpErrorCode.UnexpectedStatusCode, response.StatusCode, response.Response);
        }

        throw refusal is null
            ? new NotSupportedException("No compatible authentication mechanisms found.")
            : new AuthenticationException($"{(int)refusal.StatusCode}: {refusal.Message}", refusal);
    }

    private static Task<SmtpResponse> PlainAsync(SmtpStream stream, string userName, string password, CancellationToken cancellationToken) =>
        stream.SendCommandAsync($"AUTH PLAIN {Encode($"\0{userName}\0{password}")}", cancellationToken);

    private static async Task<SmtpResponse> LoginAsync(SmtpStream stream, string userName, string password, CancellationToken cancellationToken)
    {
        var response = await stream.SendCommandAsync("AUTH LOGIN", cancellationToken).ConfigureAwait(false);
        foreach (var answer in (string[])[userName, password])
        {
            if (response.StatusCode != SmtpStatusCode.AuthenticationChallenge)
                break;
            response = await stream.SendCommandAsync(Encode(answer), cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
