using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Gateway;

/// <summary>Hands text messages to the configured HTTP gateway: one request an attempt, never repeated here.</summary>
internal sealed class GatewayProvider(IOptions<GatewayOptions> options, TimeProvider time) : IProvider<SmsMessage>, IDisposable
{
    private readonly GatewayOptions _options = options.Value;
    private readonly BodyTemplate _body = new(options.Value.BodyTemplate, BodyFormat.Of(options.Value.ContentType)!, options.Value.From);
    private readonly GatewayAnswers _answers = new(options.Value);
    private readonly HttpMessageInvoker _http = ProviderHttp.Create();

    public string Name => "gateway";

    /// <summary>Host and port alone: a path may hold a key.</summary>
    public string Credential => _options.Url!.Authority;

    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    public bool CanSend(DeliveryTarget target) => true;

    public async Task<Outcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var request = Describe(message);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return await _answers.ReadAsync(response, message, time.GetUtcNow(), cancellationToken);
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

    private HttpRequestMessage Describe(SmsMessage message)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(_body.Fill(message)));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(_options.ContentType);
        var request = new HttpRequestMessage(new HttpMethod(_options.Method), _options.Url) { Content = content };
        foreach (var (name, value) in _options.Headers.Where(header => !string.IsNullOrEmpty(header.Value)))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
