using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.Sample;

/// <summary>
/// Sends notifications and asks what became of them. A request that gets no answer, or is asked to wait, is sent again under the same
/// Idempotency-Key, so that it counts once however often it arrives.
/// </summary>
public sealed class NotifyClient(HttpClient http, TimeProvider time)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60); // a caller would rather know than wait for longer than this
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Returns once Notify has stored the notification; it is sent to its recipients afterwards.</summary>
    /// <param name="notification">What to send.</param>
    /// <param name="idempotencyKey">
    /// Names what happened, such as <c>order-4711-shipped</c>: a second request with this key within 24 hours sends nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the waits too.</param>
    /// <exception cref="NotifyProblemException">The request breaks a rule, or was asked to wait too often or too long.</exception>
    /// <exception cref="HttpRequestException">There was no answer, however often it was tried.</exception>
    public async Task<Receipt> SendAsync(
        NotificationRequest notification,
        string idempotencyKey,
        CancellationToken cancellationToken = default
    )
    {
        using var response = await CallAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Post, "v1/notifications")
                {
                    Content = JsonContent.Create(notification, NotifyJson.Default.NotificationRequest),
                    Headers = { { "Idempotency-Key", idempotencyKey } },
                },
            cancellationToken
        );
        await ThrowIfRefusedAsync(response, cancellationToken);
        var accepted = await response.Content.ReadFromJsonAsync(NotifyJson.Default.AcceptedAnswer, cancellationToken);
        return new Receipt(accepted!.Id, response.Headers.Contains("Idempotency-Replayed"));
    }

    /// <summary>Null where Notify does not know it: it is not this key's, or was accepted a moment ago.</summary>
    public async Task<NotificationStatus?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        using var response = await CallAsync(() => new HttpRequestMessage(HttpMethod.Get, $"v1/notifications/{id}"), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync(NotifyJson.Default.NotificationStatus, cancellationToken);
    }

    /// <summary>
    /// Asks until every delivery is sent or given up. This is for jobs and tests: a delivery may wait for hours where its provider is
    /// away, so nothing that a person waits for should call it.
    /// </summary>
    /// <exception cref="TimeoutException">Some delivery was still open after <paramref name="patience"/>.</exception>
    public async Task<NotificationStatus> WaitUntilSettledAsync(Guid id, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await FindAsync(id, cancellationToken) is { IsSettled: true } settled)
                return settled;
            if (time.GetElapsedTime(started) > patience)
                throw new TimeoutException($"Notification {id} is not settled after {patience.TotalSeconds:0} s.");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>The first answer that does not ask to come again.</summary>
    /// <param name="makeRequest">A request can be sent only once, so each try needs its own.</param>
    /// <param name="cancellationToken">Ends the waits too.</param>
    private async Task<HttpResponseMessage> CallAsync(Func<HttpRequestMessage> makeRequest, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var wait = TimeSpan.FromSeconds(Math.Pow(2, tries - 1)); // 1, 2, 4, 8 s where nobody says otherwise
            try
            {
                using var request = makeRequest();
                var response = await http.SendAsync(request, cancellationToken);
                wait = RetryAfter(response) ?? wait;
                if (!AsksToComeAgain(response) || tries == MaxTries || wait > LongestWait)
                    return response;
                response.Dispose();
            }
            catch (Exception failure) when (tries < MaxTries && IsLost(failure, cancellationToken))
            {
                // It is not known whether the request arrived; the key makes that harmless.
            }
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Too many at once; not available; or another request with the same key is still running.</summary>
    private static bool AsksToComeAgain(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict;

    /// <summary>HttpClient reports its own timeout as a cancellation too.</summary>
    private static bool IsLost(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The header gives seconds or a date.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        // What stands between may answer with a page of its own.
        var problem =
            response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync(NotifyJson.Default.NotifyProblem, cancellationToken)
                : null;
        problem ??= new NotifyProblem(null, response.ReasonPhrase, null, null, null);
        throw new NotifyProblemException(response.StatusCode, problem, RetryAfter(response));
    }
}

public static class NotifyClientExtensions
{
    /// <summary>
    /// Registers <see cref="NotifyClient"/>. Add no resilience handler that retries: the client does, and two layers multiply.
    /// </summary>
    public static IHttpClientBuilder AddNotifyClient(this IServiceCollection services, Uri address, string key)
    {
        services.AddSingleton(TimeProvider.System);
        return services.AddHttpClient<NotifyClient>(http =>
        {
            http.BaseAddress = address;
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            http.Timeout = TimeSpan.FromSeconds(30);
        });
    }
}
