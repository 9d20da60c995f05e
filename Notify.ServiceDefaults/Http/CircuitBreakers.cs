using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Notify.ServiceDefaults.Http;

/// <summary>One breaker for each client and origin. They outlive the handlers, which the factory replaces every two minutes.</summary>
internal sealed class CircuitBreakers(IOptionsMonitor<OutgoingHttpOptions> options, TimeProvider time) : IDisposable
{
    private readonly MemoryCache _pipelines = new(new MemoryCacheOptions());
    private readonly Lock _creation = new();

    public ResiliencePipeline<HttpResponseMessage> Get(string clientName, string origin)
    {
        var key = (clientName, origin);
        if (_pipelines.TryGetValue(key, out ResiliencePipeline<HttpResponseMessage>? known))
            return known!;
        lock (_creation)
        {
            return _pipelines.GetOrCreate(key, entry =>
            {
                var settings = options.Get(clientName);
                // Webhooks may go to any number of origins; a breaker that nobody asks for that long has nothing left to remember.
                entry.SlidingExpiration = TimeSpan.FromMinutes(5) + settings.SamplingDuration + settings.BreakDuration;
                return Build(settings, time);
            })!;
        }
    }

    public void Dispose() => _pipelines.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Build(OutgoingHttpOptions settings, TimeProvider time) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                FailureRatio = settings.FailureRatio,
                MinimumThroughput = settings.MinimumThroughput,
                SamplingDuration = settings.SamplingDuration,
                BreakDuration = settings.BreakDuration,
                // An answer below 500 is about the request, a throttled one included; a caller who gave up says nothing about the server.
                // (Result is what the finished attempt returned: nothing is waited for.)
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException or TimeoutRejectedException || attempt.Outcome.Result is { StatusCode: >= System.Net.HttpStatusCode.InternalServerError }),
            })
            .AddTimeout(settings.Timeout)
            .Build();
}
