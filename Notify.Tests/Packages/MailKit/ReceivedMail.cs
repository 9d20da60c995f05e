using System.Text;
using MimeKit;

namespace Notify.Tests.Packages.MailKit;

/// <summary>A mail as it was taken: envelope commands, and the content with the stuffed dots taken out.</summary>
internal sealed record ReceivedMail(string Mail, IReadOnlyList<string> Recipients, string Content)
{
    public async Task<MimeMessage> ParseAsync(CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(Content));
        return await MimeMessage.LoadAsync(stream, cancellationToken);
    }
}
