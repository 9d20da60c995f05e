using System.Net;

namespace Notify.Sample;

/// <summary>Notify refused a request, or could not take it for longer than the client was willing to wait.</summary>
public sealed class NotifyProblemException(HttpStatusCode status, NotifyProblem problem, TimeSpan? retryAfter)
    : Exception($"Notify answered {(int)status}: {problem.Detail ?? problem.Title ?? "no details"}")
{
    public HttpStatusCode Status => status;

    public NotifyProblem Problem => problem;

    /// <summary>When the request may be sent again, where the answer names a time.</summary>
    public TimeSpan? RetryAfter => retryAfter;
}
