namespace Notify.Api.Description;

/// <summary>A problem as the API's description shows it.</summary>
/// <param name="Name">Its name among the description's responses.</param>
/// <param name="Description">When it is answered.</param>
/// <param name="Example">The body.</param>
/// <param name="Headers">What comes with it.</param>
internal sealed record DescribedProblem(string Name, string Description, string Example, params string[] Headers);

/// <summary>Each status that requests are refused with; docs/problems.md explains them.</summary>
internal static class DescribedProblems
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    public static IReadOnlyDictionary<string, DescribedProblem> All { get; } =
        new Dictionary<string, DescribedProblem>
        {
            ["400"] = new(
                "Malformed",
                "The body is not JSON or has a field that does not exist, or the query has a parameter that does not exist or cannot be answered.",
                Example(
                    "malformed",
                    400,
                    "The body cannot be read.",
                    "recipiants: There is no such field (line 1, byte 14); look for a misspelling.",
                    ("recipiants", "unknown_field", "There is no such field (line 1, byte 14); look for a misspelling.")
                )
            ),
            ["401"] = new(
                "Unauthenticated",
                "There is no key, or it is unknown, revoked or expired.",
                Example(
                    "unauthenticated",
                    401,
                    "A valid API key is needed.",
                    "The key is missing, unknown, revoked or expired. Send a valid key in the header Authorization: Bearer KEY."
                ),
                "WWW-Authenticate"
            ),
            ["403"] = new(
                "Forbidden",
                "The key lacks the scope.",
                Example("forbidden", 403, "The key may not do this.", "This needs a key with the scope send.")
            ),
            ["404"] = new(
                "NotFound",
                "This tenant has nothing of this id.",
                Example(
                    "not-found",
                    404,
                    "There is no such notification.",
                    "01a22d49-e674-74f4-8d50-8d9ed2b9b096 is not a notification of this tenant."
                )
            ),
            ["409"] = new(
                "KeyInUse",
                "The first request with this Idempotency-Key is still running.",
                Example(
                    "idempotency-key-in-use",
                    409,
                    "The first request with this Idempotency-Key is still running.",
                    "Idempotency-Key: Ask again in a second; the stored answer comes then."
                ),
                "Retry-After"
            ),
            ["409-cancel"] = new(
                "NothingToCancel",
                "None of the deliveries can be cancelled any more.",
                $$"""{"type":"urn:notify:problem:nothing-to-cancel","title":"Nothing can be cancelled.","status":409,"detail":"None of the notification's deliveries waits to be sent: 1 sent.","cancelled":0,"alreadySent":1,"traceId":"{{TraceId}}"}"""
            ),
            ["412"] = new(
                "Stale",
                "It was changed since it was read: If-Match names another version.",
                Example(
                    "stale",
                    412,
                    "It was changed meanwhile.",
                    "If-Match: The preferences have another ETag now, which this answer has too. Read them again, and change what you find.",
                    (
                        "If-Match",
                        "stale",
                        "The preferences have another ETag now, which this answer has too. Read them again, and change what you find."
                    )
                ),
                "ETag"
            ),
            ["413"] = new(
                "TooLarge",
                "The body has too many bytes.",
                Example(
                    "too-large",
                    413,
                    "Too large.",
                    "A notification may have at most 262,144 bytes.",
                    ("", "too_large", "At most 262,144 bytes.")
                )
            ),
            ["415"] = new(
                "NotJson",
                "The body is not declared as JSON.",
                Example("unsupported-media-type", 415, "The body must be JSON.", "Send it with the header Content-Type: application/json.")
            ),
            ["422"] = new(
                "Invalid",
                "The request breaks a rule, or the Idempotency-Key belongs to another body.",
                Example(
                    "invalid",
                    422,
                    "The request breaks a rule.",
                    "recipients[0].email: Not a mail address; expected a form such as name@example.com.",
                    ("recipients[0].email", "invalid", "Not a mail address; expected a form such as name@example.com.")
                )
            ),
            ["429"] = new(
                "TooMany",
                "The tenant sent to more recipients than it may. Nothing was accepted.",
                Example(
                    "too-many-requests",
                    429,
                    "Too many notifications.",
                    "A tenant may send to 1,000 recipients a second on the standard lane, and to 10,000 at once; nothing is left now. Nothing was accepted: send it again after 1 seconds."
                ),
                "Retry-After",
                "RateLimit",
                "RateLimit-Policy"
            ),
            ["503"] = new(
                "Unavailable",
                "Kafka did not confirm, or the database is away. Send the same request again.",
                Example(
                    "unavailable",
                    503,
                    "Try again in a moment.",
                    "Kafka did not confirm the notification. Send it again, with an Idempotency-Key to be sure that it counts once."
                ),
                "Retry-After"
            ),
            ["other"] = new(
                "Other",
                "Any other problem, such as a fault of ours.",
                Example(
                    "internal",
                    500,
                    "Something failed in here.",
                    "The request was not accepted. The log of the Api says why, under this trace id."
                )
            ),
        };

    private static string Example(
        string type,
        int status,
        string title,
        string detail,
        params (string Field, string Rule, string Message)[] errors
    )
    {
        var list =
            errors.Length == 0
                ? ""
                : $""" "errors":[{string.Join(',', errors.Select(error => $$"""{"field":"{{error.Field}}","rule":"{{error.Rule}}","message":"{{error.Message}}"}"""))}],""";
        return $$"""{"type":"urn:notify:problem:{{type}}","title":"{{title}}","status":{{status}},"detail":"{{detail}}",{{list}}"traceId":"{{TraceId}}"}""";
    }
}
