using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Notify.Core.Data;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>The API's one catch: a fault becomes a problem, and nothing of its text leaves the process.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge(
                "",
                16L * NotificationLimits.BatchBytes,
                "The body"
            ),
            BadHttpRequestException refused => Problem.Malformed($"The request cannot be read ({refused.StatusCode})."),
            _ when DatabaseFaults.IsPassing(exception) || (exception.InnerException is { } inner && DatabaseFaults.IsPassing(inner)) =>
                Problem.Unavailable("The database is away; accepting notifications goes on without it."),
            _ => Problem.Internal(),
        };
        if (problem is ProblemHttpResult { StatusCode: StatusCodes.Status500InternalServerError })
            Log.Failed(logger, httpContext.GetEndpoint()?.DisplayName, exception);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Endpoint} failed.")]
        public static partial void Failed(ILogger logger, string? endpoint, Exception fault);
    }
}
