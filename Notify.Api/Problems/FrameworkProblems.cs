using Microsoft.AspNetCore.Mvc;

namespace Notify.Api.Problems;

/// <summary>Problems that the framework answers with by itself.</summary>
internal static class FrameworkProblems
{
    /// <summary>What the framework answers by itself, such as an unknown path, gets a type of ours too.</summary>
    public static void GiveType(ProblemDetails problem)
    {
        if (problem.Type?.StartsWith(Problem.TypePrefix, StringComparison.Ordinal) == true)
            return;
        (problem.Type, problem.Detail) = problem.Status switch
        {
            StatusCodes.Status404NotFound => (
                Problem.TypePrefix + "not-found",
                "There is nothing at this path; GET /openapi/v1.json lists the paths."
            ),
            StatusCodes.Status405MethodNotAllowed => (
                Problem.TypePrefix + "method-not-allowed",
                "This path takes other methods; the header Allow names them."
            ),
            StatusCodes.Status415UnsupportedMediaType => (
                Problem.TypePrefix + "unsupported-media-type",
                "Send JSON, with the header Content-Type: application/json."
            ),
            _ => ("about:blank", problem.Detail), // RFC 9457 §4.2.1: no more than its status says
        };
    }
}
