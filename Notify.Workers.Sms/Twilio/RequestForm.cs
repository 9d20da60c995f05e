using System.Net;

namespace Notify.Workers.Sms.Twilio;

/// <summary>
/// A form that tells when it begins to travel. The handler writes it only on an open connection, after the request's head,
/// and never writes it twice: so a fault before that cannot have sent a message.
/// </summary>
internal sealed class RequestForm(IEnumerable<KeyValuePair<string, string>> fields, Action started) : FormUrlEncodedContent(fields)
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        started();
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }
}
