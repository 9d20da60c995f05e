using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Notify.ServiceDefaults.Http;

/// <summary>Bounds a call in time and stops calling an origin that fails. It never repeats one: a request may have been carried out although its answer was lost.</summary>
internal sealed class CircuitBreakerHandler(CircuitBreakers breakers, string clientName) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        try
        {
            return await breakers.Get(clientName, origin).ExecuteAsync(
                static async (call, token) => await call.Handler.SendInnerAsync(call.Request, token), (Handler: this, Request: request), cancellationToken);
        }
        catch (BrokenCircuitException open)
        {
            throw new CircuitOpenException(origin, open.RetryAfter);
        }
        catch (TimeoutRejectedException slow)
        {
            // The form in which HttpClient reports its own timeout.
            throw new TaskCanceledException($"{origin} did not answer within {slow.Timeout}.", new TimeoutException(slow.Message, slow));
        }
    }

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);
}
