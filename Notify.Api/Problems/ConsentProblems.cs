namespace Notify.Api.Problems;

/// <summary>What is wrong with changes of categories and preferences, beside single fields.</summary>
internal static class ConsentProblems
{
    public static IResult TooManyCategories(int most) =>
        Problem.Of(
            "too-many-categories",
            StatusCodes.Status409Conflict,
            "There are too many categories.",
            $"A tenant has at most {most:N0}. Remove one that is not in use."
        );

    /// <summary>Somebody else changed it since it was read.</summary>
    public static IResult Stale(string what, string entityTag) =>
        Problem.Of(
            "stale",
            StatusCodes.Status412PreconditionFailed,
            "It was changed meanwhile.",
            $"{what} have the ETag {entityTag} now, and If-Match names another. Read them again, and make the change to what you find.",
            [new("If-Match", "stale", $"The ETag of the last read; now it is {entityTag}.")]
        );
}
