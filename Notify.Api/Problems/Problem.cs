using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Notify.Api.Limits;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>
/// Every error this API answers with (RFC 9457). A type is stable: clients may switch on it; titles and details are for people.
/// docs/problems.md lists them.
/// </summary>
internal static class Problem
{
    private const string TypePrefix = "urn:notify:problem:";

    public static IResult Malformed(string detail, string? field = null) =>
        Of(
            "malformed",
            StatusCodes.Status400BadRequest,
            "The body cannot be read.",
            detail,
            field is null ? null : [new(field, "malformed", detail)]
        );

    /// <summary>What reading the body found: 422 for text that breaks a rule, 400 for what has not the form of a request.</summary>
    public static IResult Malformed(FieldError error) =>
        error.Rule == "invalid"
            ? Invalid([error])
            : Of("malformed", StatusCodes.Status400BadRequest, "The body cannot be read.", DetailOf(error), [error]);

    public static IResult BadPath() =>
        Of(
            "malformed",
            StatusCodes.Status400BadRequest,
            "The path cannot be read.",
            "Escape what stands in a path in UTF-8, as %2F for a slash and %25 for a percent sign."
        );

    public static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        Of("invalid", StatusCodes.Status422UnprocessableEntity, "The request breaks a rule.", DetailOf(errors[0]), errors);

    /// <summary>Names in the query that this path does not know: a misspelt filter would otherwise answer with everything.</summary>
    public static IResult UnknownParameters(IEnumerable<string> unknown, IReadOnlyCollection<string> known)
    {
        var expected =
            known.Count == 0
                ? "This request has no query parameters."
                : $"There is no such query parameter here; there are: {string.Join(", ", known)}.";
        return InvalidQuery([.. unknown.Select(name => new FieldError(name, "unknown_parameter", expected))]);
    }

    /// <summary>A query that cannot be answered, whatever its values are.</summary>
    public static IResult InvalidQuery(IReadOnlyList<FieldError> errors) =>
        Of("invalid", StatusCodes.Status400BadRequest, "The query cannot be answered.", DetailOf(errors[0]), errors);

    public static IResult TooLarge(string field, long limit, string what) =>
        Of(
            "too-large",
            StatusCodes.Status413PayloadTooLarge,
            "Too large.",
            $"{what} may have at most {limit:N0} bytes.",
            [new(field, "too_large", $"At most {limit:N0} bytes.")]
        );

    /// <summary>Within our limit and beyond Kafka's: sending it again changes nothing.</summary>
    public static IResult TooLargeForKafka(int bytes) =>
        Of(
            "too-large",
            StatusCodes.Status413PayloadTooLarge,
            "Too large.",
            $"Kafka does not take a notification of {bytes:N0} bytes here.",
            [TooLargeForKafka("")]
        );

    public static FieldError TooLargeForKafka(string field) => new(field, "too_large", "Fewer bytes: this is more than Kafka takes here.");

    public static IResult NotJson() =>
        Of(
            "unsupported-media-type",
            StatusCodes.Status415UnsupportedMediaType,
            "The body must be JSON.",
            "Send it with the header Content-Type: application/json; a charset, if there is one, is utf-8."
        );

    public static IResult UnknownCoding() =>
        new Answerable(
            Of(
                "unsupported-media-type",
                StatusCodes.Status415UnsupportedMediaType,
                "The body's coding is not known.",
                "Send the body as it is, or with the header Content-Encoding: gzip.",
                [new("Content-Encoding", "unknown", "One of: gzip, identity.")]
            ),
            HeaderNames.AcceptEncoding,
            ContentCoding.Accepted
        ); // RFC 9110 §15.5.16

    public static IResult Unauthenticated() =>
        Of(
            "unauthenticated",
            StatusCodes.Status401Unauthorized,
            "A valid API key is needed.",
            "The key is missing, unknown, revoked or expired. Send a valid key in the header Authorization: Bearer KEY. Keys are made with: Notify.Api keys create --tenant T --scopes send,read,manage"
        );

    public static IResult Forbidden(string scope) =>
        Of("forbidden", StatusCodes.Status403Forbidden, "The key may not do this.", $"This needs a key with the scope {scope}.");

    public static IResult NotFound(string what, string detail) =>
        Of("not-found", StatusCodes.Status404NotFound, $"There is no such {what}.", detail);

    /// <summary>A part of the path that can name nothing.</summary>
    public static IResult NoId(string what, string text)
    {
        var error = new FieldError(
            "id",
            "invalid",
            $"{Shortened(text)} is not the id of a {what}: expected a UUID, such as 01a22d49-e674-74f4-8d50-8d9ed2b9b096."
        );
        return Of("not-found", StatusCodes.Status404NotFound, $"There is no such {what}.", DetailOf(error), [error]);
    }

    /// <summary>Nothing was left that could be cancelled; says what became of the deliveries instead.</summary>
    public static IResult NothingToCancel(int cancelled, int alreadySent, string standing) =>
        Of(
            "nothing-to-cancel",
            StatusCodes.Status409Conflict,
            "Nothing can be cancelled.",
            $"None of the notification's deliveries waits to be sent: {standing}.",
            null,
            new("cancelled", cancelled),
            new("alreadySent", alreadySent)
        );

    public static IResult KeyReused() =>
        Of(
            "idempotency-key-reused",
            StatusCodes.Status422UnprocessableEntity,
            "The Idempotency-Key belongs to another request.",
            "Idempotency-Key: The same key was sent within 24 hours with a different body. Use a new key for a new request.",
            [new("Idempotency-Key", "reused", "The same key came with a different body.")]
        );

    public static IResult KeyInUse() =>
        new RetryLater(
            Of(
                "idempotency-key-in-use",
                StatusCodes.Status409Conflict,
                "The first request with this Idempotency-Key is still running.",
                "Idempotency-Key: Ask again in a second; the stored answer comes then."
            ),
            "1"
        );

    public static IResult BadKey() =>
        Of(
            "invalid",
            StatusCodes.Status400BadRequest,
            "The request breaks a rule.",
            "Idempotency-Key: 1 to 255 visible ASCII characters, quoted or not.",
            [new("Idempotency-Key", "invalid", "1 to 255 visible ASCII characters.")]
        );

    public static IResult Unavailable(string detail) =>
        new RetryLater(Of("unavailable", StatusCodes.Status503ServiceUnavailable, "Try again in a moment.", detail), "2");

    public static IResult TooMany(AcceptRefusal refusal)
    {
        var (lane, wait) = (refusal.Lane.ToName(), Seconds(refusal.Wait));
        var room =
            refusal.Asked == 1 ? "nothing is left now"
            : refusal.Asked > refusal.Pace.Most
                ? $"the {refusal.Asked:N0} of this request are more than that, and go only when nothing was sent for a while"
            : $"{refusal.Left:N0} are left now, and this request has {refusal.Asked:N0}";
        var problem = Of(
            "too-many-requests",
            StatusCodes.Status429TooManyRequests,
            "Too many notifications.",
            $"A tenant may send to {refusal.Pace.PerSecond:N0} recipients a second on the {lane} lane, and to {refusal.Pace.Most:N0} at once; {room}. Nothing was accepted: send it again after {wait} seconds."
        );
        return new RetryLater(problem, wait, ($"{lane};{refusal.Pace.Policy}", $"{lane};r={refusal.Left};t={Seconds(refusal.UntilFull)}"));
    }

    public static IResult Internal() =>
        Of(
            "internal",
            StatusCodes.Status500InternalServerError,
            "Something failed in here.",
            "The request was not accepted. The log of the Api says why, under this trace id."
        );

    /// <summary>What the framework answers by itself, such as an unknown path, gets a type of ours too.</summary>
    public static void GiveType(ProblemDetails problem)
    {
        if (problem.Type?.StartsWith(TypePrefix, StringComparison.Ordinal) == true)
            return;
        (problem.Type, problem.Detail) = problem.Status switch
        {
            StatusCodes.Status404NotFound => (
                TypePrefix + "not-found",
                "There is nothing at this path; GET /openapi/v1.json lists the paths."
            ),
            StatusCodes.Status405MethodNotAllowed => (
                TypePrefix + "method-not-allowed",
                "This path takes other methods; the header Allow names them."
            ),
            StatusCodes.Status415UnsupportedMediaType => (
                TypePrefix + "unsupported-media-type",
                "Send JSON, with the header Content-Type: application/json."
            ),
            _ => ("about:blank", problem.Detail), // RFC 9457 §4.2.1: no more than its status says
        };
    }

    /// <summary>One item of a batch, in the same words.</summary>
    public static ProblemView View(string type, int status, string title, IReadOnlyList<FieldError> errors) =>
        View(type, status, title, DetailOf(errors[0]), errors);

    public static ProblemView View(string type, int status, string title, string detail, IReadOnlyList<FieldError>? errors = null) =>
        new(TypePrefix + type, title, status, detail, errors);

    /// <summary>What reading an item found, as <see cref="Malformed(FieldError)"/> says it of a whole body.</summary>
    public static ProblemView View(FieldError error, string title) =>
        error.Rule == "invalid"
            ? View("invalid", StatusCodes.Status422UnprocessableEntity, title, [error])
            : View("malformed", StatusCodes.Status400BadRequest, title, [error]);

    /// <summary>What is wrong, with the field first; of the whole body only what is wrong.</summary>
    private static string DetailOf(FieldError error) => error.Field.Length == 0 ? error.Message : $"{error.Field}: {error.Message}";

    /// <summary>What a caller sent, as far as a sentence can hold it.</summary>
    private static string Shortened(string text) => text.Length > 64 ? text[..64] + "…" : text;

    private static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    private static IResult Of(
        string type,
        int status,
        string title,
        string detail,
        IReadOnlyList<FieldError>? errors = null,
        params ReadOnlySpan<KeyValuePair<string, object?>> more
    )
    {
        List<KeyValuePair<string, object?>> extensions = errors is null ? [] : [new("errors", errors)];
        extensions.AddRange(more);
        return Results.Problem(type: TypePrefix + type, statusCode: status, title: title, detail: detail, extensions: extensions);
    }

    /// <summary>A problem with a header that says what would be taken.</summary>
    private sealed class Answerable(IResult problem, string header, string value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[header] = value;
            return problem.ExecuteAsync(httpContext);
        }
    }

    /// <summary>A problem that passes: tells when to come back.</summary>
    private sealed class RetryLater(IResult problem, string seconds, (string Policy, string Standing)? limit = null) : IResult
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
}

/// <summary>A problem inside a batch's result.</summary>
internal sealed record ProblemView(string Type, string Title, int Status, string Detail, IReadOnlyList<FieldError>? Errors);
