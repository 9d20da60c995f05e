using System.Net.Http;
using FirebaseAdmin;
using FirebaseAdmin.Messaging;
using Google.Apis.Auth.OAuth2.Responses;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;
using Notify.Workers.Push.Tokens;

namespace Notify.Workers.Push.Fcm;

/// <summary>Sends through Firebase Cloud Messaging with its Admin SDK, whose own retries are off.</summary>
internal sealed class FcmProvider : IProvider<PushMessage>, IDisposable
{
    private readonly FcmCredential _credential;
    private readonly FirebaseApp _app;
    private readonly FirebaseMessaging _messaging;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly TokenSet _foreign = new(); // of devices behind Apple's service or a browser's: nothing but FCM's answers tells

    public FcmProvider(IOptions<FcmOptions> options, TimeProvider time)
    {
        var settings = options.Value;
        (_timeout, _time, Credential) = (settings.Timeout, time, settings.ProjectId);
        Limit = RateLimit.Of(settings.MessagesPerMinute / 60.0);
        _credential = new FcmCredential(settings, time);
        _app = FirebaseApp.Create(
            new AppOptions
            {
                Credential = _credential.Google,
                ProjectId = settings.ProjectId,
                HttpClientFactory = new FcmHttpClientFactory(settings.Endpoint),
            },
            $"notify-{Guid.NewGuid():N}"
        ); // the SDK's names are shared by the whole process
        _messaging = FirebaseMessaging.GetMessaging(_app);
    }

    /// <inheritdoc/>
    public string Name => "fcm";

    /// <inheritdoc/>
    public string Credential { get; }

    /// <inheritdoc/>
    public RateLimit? Limit { get; }

    /// <inheritdoc/>
    public bool CanSend(DeliveryTarget target) => target.Device?.Platform == "fcm";

    /// <inheritdoc/>
    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) =>
        _foreign.Contains(target.Address) ? [PlatformOf(target.Device?.App)] : [];

    /// <inheritdoc/>
    public async Task<Outcome> SendAsync(PushMessage message, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var outcome = await SendOrRenewAsync(
                FcmMessages.Create(message, _time.GetUtcNow()),
                message.DryRun,
                PlatformOf(message.App),
                either.Token
            );
            if (outcome.Scope is not null)
                _foreign.Add(message.Token);
            return outcome;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TransportException fault)
        {
            return fault.ToOutcome();
        }
        catch (TokenResponseException refused)
        {
            return NoAccessToken(refused);
        }
        catch (ArgumentException)
        {
            return new Outcome(OutcomeKind.Permanent, Code: "INVALID_MESSAGE", Detail: "The SDK refused the message before sending it.");
        }
        catch (Exception notSent)
            when (notSent
                    is OperationCanceledException
                        or HttpRequestException
                        or InvalidOperationException
                        or FirebaseMessagingException { HttpResponse: null }
            )
        {
            // Faults of the send itself are TransportExceptions, so this is the way to the access token.
            return new Outcome(
                OutcomeKind.Transient,
                Code: "NO_ACCESS_TOKEN",
                Detail: "The token endpoint could not be reached; FCM has not seen the request."
            );
        }
    }

    public void Dispose()
    {
        _app.Delete();
        _credential.Dispose();
    }

    private async Task<Outcome> SendOrRenewAsync(Message message, bool dryRun, NamedScope platform, CancellationToken cancellationToken)
    {
        for (var mayRenew = true; ; mayRenew = false)
        {
            try
            {
                var name = await _messaging.SendAsync(message, dryRun, cancellationToken);
                return string.IsNullOrEmpty(name) ? Unreadable() : Outcome.Sent(name);
            }
            catch (NullReferenceException)
            {
                return Unreadable(); // what the SDK makes of a success without a body
            }
            catch (FirebaseMessagingException refused) when (refused.HttpResponse is { } response)
            {
                using (response)
                {
                    if (response.IsSuccessStatusCode)
                        return Unreadable();

                    var error = FcmError.Read(await response.Content.ReadAsStringAsync(cancellationToken));
                    if (
                        !mayRenew
                        || !FcmFailures.IsAboutAccessToken(response.StatusCode, error)
                        || !await _credential.RenewAsync(response.RequestMessage?.Headers.Authorization?.Parameter, cancellationToken)
                    )
                        return FcmFailures.Classify(
                            response.StatusCode,
                            error,
                            RetryAfter.Of(response.Headers, _time.GetUtcNow()),
                            platform
                        );
                }
            }
        }
    }

    /// <summary>The devices of this app that FCM does not reach by itself; most are iOS ones.</summary>
    private static NamedScope PlatformOf(string? app) => FaultScopes.Of(FaultScope.Platform, app is { Length: > 0 } ? $"ios/{app}" : "ios");

    private static Outcome Unreadable() =>
        new(
            OutcomeKind.Ambiguous,
            Code: "UNREADABLE_ANSWER",
            Detail: "A success without a message name. Check Push:Fcm:Endpoint and proxies on the way."
        );

    private static Outcome NoAccessToken(TokenResponseException refused)
    {
        var code = AnswerCode.Clean(refused.Error?.Error) ?? "NO_ACCESS_TOKEN";
        return (int?)refused.StatusCode is >= 400 and < 500 and not 429
            ? new Outcome(
                OutcomeKind.Misconfigured,
                Code: code,
                Detail: "Google gives no access token for these credentials. Check Push:Fcm:Credentials and this machine's clock."
            )
            : new Outcome(OutcomeKind.Transient, Code: code, Detail: "The token endpoint failed; FCM has not seen the request.");
    }
}
