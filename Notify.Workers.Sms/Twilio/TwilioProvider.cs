using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Rest.Api.V2010.Account;
using Twilio.Types;

namespace Notify.Workers.Sms.Twilio;

/// <summary>Hands text messages to Twilio through its SDK: one call an attempt, never repeated here.</summary>
internal sealed partial class TwilioProvider(IOptions<TwilioOptions> options, TimeProvider clock, ILogger<TwilioProvider> logger)
    : IProvider<SmsMessage>,
        IDisposable
{
    /// <summary>The longest that Twilio lets a message wait in its queue, and its own default.</summary>
    private const int MaxValiditySeconds = 36_000;

    private readonly TwilioOptions _options = options.Value;

    // Its own client rather than the factory's: defaults set on the factory, such as retries, must never reach it. Twilio has no
    // idempotency key, so a repeated request is a second message. The timeout is each attempt's own.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null, // our trace is no business of Twilio's
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public string Name => "twilio";

    public string Credential => _options.AccountSid;

    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    public bool CanSend(DeliveryTarget target) => true;

    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) => ScopesFor(target.Address).All;

    public async Task<Outcome> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var timeout = new CancellationTokenSource(_options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var call = new TwilioCall(_http, _options.Endpoint, clock, either.Token);
        var client = new TwilioRestClient(_options.AccountSid, _options.AuthToken, httpClient: call);
        try
        {
            var created = await MessageResource.CreateAsync(Describe(message), client);
            return created?.Sid is { Length: > 0 } sid
                ? Outcome.Sent(sid, SmsSegments.Of(message.Text).Count)
                : Refused(call, code: 0, message);
        }
        catch (ApiException refused)
        {
            return Refused(call, refused.Code, message);
        }
        catch (ApiStandardException refused)
        {
            return Refused(call, refused.Code, message);
        }
        catch (ApiConnectionException)
        {
            // A new exception: the SDK's own quotes the request. An answer that is known is worth more than the cancellation.
            if (cancellationToken.IsCancellationRequested && call.Status is null)
                throw new OperationCanceledException(cancellationToken);
            return TwilioFailures.Lost(call.Status, call.MayHaveArrived, timeout.IsCancellationRequested, call.RetryAfter);
        }
    }

    public void Dispose() => _http.Dispose();

    private CreateMessageOptions Describe(SmsMessage message) =>
        new(message.To)
        {
            From = string.IsNullOrWhiteSpace(_options.From) ? null : new PhoneNumber(_options.From),
            MessagingServiceSid = string.IsNullOrWhiteSpace(_options.MessagingServiceSid) ? null : _options.MessagingServiceSid,
            Body = message.Text,
            StatusCallback = _options.StatusCallback,
            ValidityPeriod = (int)Math.Clamp((message.ExpiresAt - clock.GetUtcNow()).TotalSeconds, 1, MaxValiditySeconds),
        };

    private SmsScopes ScopesFor(string to) =>
        SmsScopes.Of(string.IsNullOrWhiteSpace(_options.From) ? _options.MessagingServiceSid : _options.From, to);

    private Outcome Refused(TwilioCall call, int code, SmsMessage message)
    {
        var status = call.Status ?? throw new InvalidOperationException("The Twilio SDK reported an answer although none arrived.");
        if (!TwilioFailures.Knows(status, code))
            LogUnknown(code, (int)status);
        return TwilioFailures.Refused(status, code, call.RetryAfter, ScopesFor(message.To));
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Twilio refused a message with code {Code} (HTTP {Status}), which has no row in the failure table; it counts as permanent"
    )]
    private partial void LogUnknown(int code, int status);
}
