using Microsoft.AspNetCore.Diagnostics;
using Notify.Core.Data;

namespace Notify.Api.Problems;

/// <summary>The API's one catch: a fault becomes a problem, and nothing of its text leaves the process.</summary>
internal sealed class FaultHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge("", 0, "The body"),
            BadHttpRequestException refused => Problem.Malformed($"The request cannot be read ({refused.StatusCode})."),
            _ when DatabaseFaults.IsPassing(exception) || (exception.InnerException is { } inner && DatabaseFaults.IsPassing(inner)) => Problem.Unavailable("The database is away; accepting notifications goes on without it."),
            _ => Problem.Internal(),
        };
        await problem.ExecuteAsync(httpContext);
        return true;
    }
}
