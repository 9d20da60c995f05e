using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>What is wrong with changes of categories and preferences, beside single fields.</summary>
internal static class ConsentProblems
{
    public static IResult TooManyCategories(int most) =>
        Problem.Invalid([new("id", "too_many", $"A tenant has at most {most:N0} categories. Remove one that is not in use.")]);

    /// <summary>Somebody else changed them since they were read.</summary>
    public static IResult Stale(HttpContext http, string entityTag)
    {
        http.Response.Headers.ETag = entityTag;
        var error = new FieldError(
            "If-Match",
            "stale",
            "The preferences have another ETag now, which this answer has too. Read them again, and change what you find."
        );
        return Problem.Of("stale", StatusCodes.Status412PreconditionFailed, "It was changed meanwhile.", Problem.DetailOf(error), [error]);
    }
}
