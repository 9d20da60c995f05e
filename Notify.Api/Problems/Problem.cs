using System.Globalization;
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
    internal const string TypePrefix = "urn:notify:problem:";

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

    public static IResult NotLines() =>
        Of(
            "unsupported-media-type",
            StatusCodes.Status415UnsupportedMediaType,
            "The body must be lines of JSON.",
            $"Send one object a line, uncompressed, with the header Content-Type: {NdjsonLines.MediaType}."
        );

    public static IResult UnknownCoding() =>
        new AnswerableProblem(
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

    public static IResult Unavailable(string detail) =>
        new RetryLaterProblem(Of("unavailable", StatusCodes.Status503ServiceUnavailable, "Try again in a moment.", detail), "2");

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
        return new RetryLaterProblem(
            problem,
            wait,
            ($"{lane};{refusal.Pace.Policy}", $"{lane};r={refusal.Left};t={Seconds(refusal.UntilFull)}")
        );
    }

    public static IResult Internal() =>
        Of(
            "internal",
            StatusCodes.Status500InternalServerError,
            "Something failed in here.",
            "The request was not accepted. The log of the Api says why, under this trace id."
        );

    /// <summary>What is wrong, with the field first; of the whole body only what is wrong.</summary>
    internal static string DetailOf(FieldError error) => error.Field.Length == 0 ? error.Message : $"{error.Field}: {error.Message}";

    /// <summary>What a caller sent, as far as a sentence can hold it.</summary>
    private static string Shortened(string text) => text.Length > 64 ? text[..64] + "…" : text;

    private static string Seconds(TimeSpan span) => Math.Ceiling(span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    /// <summary>A problem of this API; its type is listed in docs/problems.md.</summary>
    internal static IResult Of(
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
}
