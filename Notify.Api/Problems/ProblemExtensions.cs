namespace Notify.Api.Problems;

/// <summary>Says in the API's description which problems an endpoint answers with.</summary>
internal static class ProblemExtensions
{
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            endpoint.ProducesProblem(status);
        return endpoint;
    }
}
