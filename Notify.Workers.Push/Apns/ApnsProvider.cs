using System.Buffers;
using System.Net.Http;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Http;
using Notify.Sending.Outcomes;
using Notify.Sending.Providers;

namespace Notify.Workers.Push.Apns;

/// <summary>Sends through the Apple Push Notification service, one HTTP/2 stream per push.</summary>
internal sealed class ApnsProvider(IOptions<ApnsOptions> options, TimeProvider time) : IProvider<PushMessage>, IDisposable
{
    private const int LongestToken = 512;

    private static readonly SearchValues<char> TopicCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"
    );

    private readonly ApnsProviderToken _token = new(options.Value, time);
    private readonly ApnsConnection _production = new(options.Value.ProductionEndpoint, options.Value.MaxConcurrentStreams);
    private readonly ApnsConnection _sandbox = new(options.Value.SandboxEndpoint, options.Value.MaxConcurrentStreams);

    /// <inheritdoc/>
    public string Name => "apns";

    /// <inheritdoc/>
    public string Credential => options.Value.TeamId;

    /// <inheritdoc/>
    public RateLimit? Limit { get; } = RateLimit.Of(options.Value.MessagesPerSecond, options.Value.Burst);

    /// <inheritdoc/>
    public bool CanSend(DeliveryTarget target) => target is { Device.Platform: "apns", DryRun: false }; // a device would get the message

    /// <inheritdoc/>
    public IReadOnlyList<NamedScope> ScopesOf(DeliveryTarget target) =>
        [
            FaultScopes.Of(FaultScope.App, TopicOf(target.Device?.App)),
            FaultScopes.Of(FaultScope.Environment, target.Device?.Environment ?? ""),
        ];

    /// <inheritdoc/>
    public async Task<Outcome> SendAsync(PushMessage message, CancellationToken cancellationToken)
    {
        var topic = TopicOf(message.App);
        var payload = ApnsPayload.Write(message);
        if (FindFault(message, topic, payload.Length) is { } fault)
            return fault;

        var connection = message.Environment == "sandbox" ? _sandbox : _production;
        using var permit = await connection.EnterAsync(cancellationToken);
        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await SendOrRenewAsync(connection, message, topic, payload, either.Token);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (TransportException lost)
        {
            return lost.ToOutcome();
        }
    }

    public void Dispose()
    {
        _production.Dispose();
        _sandbox.Dispose();
        _token.Dispose();
    }

    private string TopicOf(string? app) => app ?? options.Value.Topic;

    /// <summary>What APNs would refuse anyway, and what must not get into a path or a header.</summary>
    private static Outcome? FindFault(PushMessage message, string topic, int payloadBytes)
    {
        if (message.Token.Length is 0 or > LongestToken || !message.Token.All(char.IsAsciiHexDigit))
            return new Outcome(
                OutcomeKind.DeadAddress,
                Code: "BadDeviceToken",
                Detail: "The token is not hexadecimal, so it is none of APNs'."
            );
        if (topic.Length == 0 || topic.AsSpan().ContainsAnyExcept(TopicCharacters))
            return new Outcome(
                OutcomeKind.Permanent,
                Code: "BadTopic",
                Detail: "The device's app is no bundle id. Register the device again with its app.",
                ConcernsMessage: true
            );
        if (message.Data.ContainsKey(ApnsPayload.ReservedKey))
            return new Outcome(
                OutcomeKind.Permanent,
                Code: "ReservedDataKey",
                Detail: "The data key 'aps' is Apple's own. Name it otherwise.",
                ConcernsMessage: true
            );
        return payloadBytes > ApnsPayload.MaxBytes ? ApnsFailures.ByReason["PayloadTooLarge"].ToOutcome("PayloadTooLarge") : null;
    }

    private async Task<Outcome> SendOrRenewAsync(
        ApnsConnection connection,
        PushMessage message,
        string topic,
        ReadOnlyMemory<byte> payload,
        CancellationToken cancellationToken
    )
    {
        for (var mayRenew = true; ; mayRenew = false)
        {
            var now = time.GetUtcNow();
            var token = _token.Get();
            using var request = ApnsRequests.Create(message, topic, payload, token, connection.Endpoint, now);
            using var response = await connection.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
                return Outcome.Sent(response.Headers.TryGetValues("apns-id", out var ids) ? ids.First() : message.DeliveryId.ToString("D"));

            var error = ApnsError.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken), now);
            if (mayRenew && error.Reason == "ExpiredProviderToken" && _token.Renew(token))
                continue;
            if (error.Reason == "TooManyProviderTokenUpdates")
                _token.Hold();
            return ApnsFailures.Classify(response.StatusCode, error, message, RetryAfter.Of(response.Headers, now), topic);
        }
    }
}
