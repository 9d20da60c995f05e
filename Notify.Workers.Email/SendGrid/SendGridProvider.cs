using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.SendGrid;

/// <summary>Sends through SendGrid's mail send API, one recipient a request.</summary>
internal sealed class SendGridProvider(
    SendGridMails mails,
    IOptions<SendGridOptions> options,
    IOptions<EmailOptions> email,
    TimeProvider time
) : IProvider<EmailMessage>, IDisposable
{
    private readonly SendGridOptions _options = options.Value;
    private readonly Uri _address = new(options.Value.Endpoint.AbsoluteUri.TrimEnd('/') + "/v3/mail/send");
    private readonly string _from = MailboxAddress.Parse(email.Value.From).Address;
    private readonly HttpMessageInvoker _http = ProviderHttp.Create();

    public string Name => "sendgrid";

    public string Credential { get; } = KeyIdOf(options.Value.ApiKey);

    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    public bool CanSend(DeliveryTarget target) => true;

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => MailScopes.Of(_from, target.Address).All;

    public async Task<Outcome> SendAsync(EmailMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!MessageCheck.TryGetRecipient(message, out var recipient, out var refusal))
            return refusal;

        using var deadline = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(
                JsonSerializer.SerializeToUtf8Bytes(mails.Create(message, recipient), SendGridJson.Compact.SendGridMail)
            )
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if (IsAccepted(response.StatusCode))
                return Outcome.Sent(MessageIdOf(response.Headers));
            var field = SendGridError.FieldOf(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return SendGridFailures.Classify(
                response.StatusCode,
                field,
                SendGridWait.Of(response.Headers, time.GetUtcNow()),
                MailScopes.Of(_from, message.To)
            );
        }
        catch (TransportException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TransportException lost)
        {
            return lost.ToOutcome();
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The part of a key that SendGrid itself lists as its id; of a key of another form a few digits of its hash.</summary>
    private static string KeyIdOf(string key) =>
        key.Split('.') is ["SG", { Length: > 0 } id, _]
            ? id
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 4));

    /// <summary>A checked mail in sandbox mode is answered with 200.</summary>
    private bool IsAccepted(HttpStatusCode status) =>
        status == HttpStatusCode.Accepted || (_options.SandboxMode && status == HttpStatusCode.OK);

    private static string? MessageIdOf(HttpResponseHeaders headers) =>
        headers.TryGetValues("X-Message-Id", out var ids) ? AnswerCode.Clean(ids.First()) : null;
}
