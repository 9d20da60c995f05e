namespace Notify.ServiceDefaults.Http;

/// <summary>
/// The call was not made: too many before it to the same origin failed. Its <see cref="HttpRequestException.HttpRequestError"/> is
/// <see cref="HttpRequestError.ConnectionError"/>, since here too nothing has left, and the delivery's own schedule may safely try again.
/// </summary>
public sealed class CircuitOpenException(string origin, TimeSpan? retryAfter)
    : HttpRequestException(HttpRequestError.ConnectionError, $"Calls to {origin} are suspended, since too many of the last ones failed; they are tried again by themselves.")
{
    /// <summary>When the breaker will let a call try, where known.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
