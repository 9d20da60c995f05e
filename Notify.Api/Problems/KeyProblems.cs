namespace Notify.Api.Problems;

/// <summary>What can be wrong with an <c>Idempotency-Key</c>.</summary>
internal static class KeyProblems
{
    public static IResult Reused() =>
        Problem.Of(
            "idempotency-key-reused",
            StatusCodes.Status422UnprocessableEntity,
            "The Idempotency-Key belongs to another request.",
            "Idempotency-Key: The same key was sent within 24 hours with a different body. Use a new key for a new request.",
            [new("Idempotency-Key", "reused", "The same key came with a different body.")]
        );

    public static IResult InUse() =>
        new RetryLaterProblem(
            Problem.Of(
                "idempotency-key-in-use",
                StatusCodes.Status409Conflict,
                "The first request with this Idempotency-Key is still running.",
                "Idempotency-Key: Ask again in a second; the stored answer comes then."
            ),
            "1"
        );

    public static IResult Invalid() =>
        Problem.Of(
            "invalid",
            StatusCodes.Status400BadRequest,
            "The request breaks a rule.",
            "Idempotency-Key: 1 to 255 visible ASCII characters, quoted or not.",
            [new("Idempotency-Key", "invalid", "1 to 255 visible ASCII characters.")]
        );
}
