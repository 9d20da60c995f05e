namespace Notify.Api.Problems;

/// <summary>A problem with a header that says what would be taken.</summary>
internal sealed class AnswerableProblem(IResult problem, string header, string value) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[header] = value;
        return problem.ExecuteAsync(httpContext);
    }
}

/// <summary>A problem that passes: tells when to come back.</summary>
internal sealed class RetryLaterProblem(IResult problem, string seconds, (string Policy, string Standing)? limit = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.RetryAfter = seconds;
        if (limit is { } known)
        {
            httpContext.Response.Headers["RateLimit-Policy"] = known.Policy;
            httpContext.Response.Headers["RateLimit"] = known.Standing;
        }
        return problem.ExecuteAsync(httpContext);
    }
}
