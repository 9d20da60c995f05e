using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>Reads a body once, within its bound, and turns what the JSON reader says into a field and a rule.</summary>
internal static class RequestBody
{
    private const string PlainJson = "application/json"; // what nearly everybody sends, and nothing to be taken apart

    /// <summary>The bytes as JSON in UTF-8, without a byte order mark and not compressed, or the problem.</summary>
    public static async ValueTask<(byte[]? Bytes, IResult? Problem)> ReadAsync(
        HttpRequest request,
        int limit,
        string what,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentType != PlainJson && (!request.HasJsonContentType() || !IsUtf8(request)))
            return (null, Problem.NotJson());
        if (ContentCoding.IsGzip(request) is not { } isGzip)
            return (null, Problem.UnknownCoding());
        if (await ReadBytesAsync(request, limit, cancellationToken) is not { } bytes)
            return (null, Problem.TooLarge("", limit, what));
        if (isGzip)
        {
            try
            {
                bytes = ContentCoding.Inflate(bytes, limit);
            }
            catch (InvalidDataException)
            {
                return (
                    null,
                    Problem.Malformed(
                        new FieldError("", "malformed", "The body is not gzip, as its Content-Encoding says, or it is cut off.")
                    )
                );
            }
            if (bytes.Length > limit)
                return (null, Problem.TooLarge("", limit, what));
        }
        // The JSON reader looks into a string only when it is asked for; what passes unread would be kept and handed on.
        return Utf8.IsValid(bytes)
            ? (WithoutMark(bytes), null)
            : (null, Problem.Malformed(new FieldError("", "malformed", "The body is not valid UTF-8.")));
    }

    /// <summary>A notification, or what is wrong and where.</summary>
    public static (NotificationRequest? Value, FieldError? Error) ParseNotification(ReadOnlySpan<byte> json) =>
        NotificationReader.TryRead(json, out var request) ? (request, null) : Parse(json, NotificationJson.Strict.NotificationRequest);

    /// <summary>The value, or what is wrong and where.</summary>
    public static (T? Value, FieldError? Error) Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.IsEmpty)
            return (null, new("", "required", "The body is empty; an object is expected."));
        var (isJson, broken) = Look(json);
        if (broken is not null)
            return (null, broken);
        try
        {
            return JsonSerializer.Deserialize(json, type) is { } value
                ? (value, null)
                : (null, new("", "required", "The body is null; an object is expected."));
        }
        catch (JsonException fault)
        {
            var error = ErrorOf(fault);
            // What is no JSON further on has no value at a place that could be looked at.
            return (
                null,
                isJson && error.Rule == "wrong_type" && JsonTypes.Mismatch(json, type, error.Field) is { } mismatch
                    ? error with
                    {
                        Message = $"{mismatch}{PlaceOf(fault)}.",
                    }
                    : error
            );
        }
    }

    internal static FieldError ErrorOf(JsonException fault)
    {
        var field = FieldOf(fault.Path);
        // of a value that has a converter of its own
        if (fault.InnerException is JsonException { Path: not null } nested && ErrorOf(nested) is var within)
            return within with { Field = field.Length == 0 || within.Field.Length == 0 ? field + within.Field : $"{field}.{within.Field}" };
        var place = PlaceOf(fault);
        if (fault.GetType() != typeof(JsonException) || fault.InnerException is JsonException)
            return new(field, "malformed", $"This is not JSON{place}.");
        if (fault.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return new(field, "unknown_field", $"There is no such field{place}; look for a misspelling.");
        return new(field, "wrong_type", $"The value has the wrong type{place}.");
    }

    /// <summary>The body as it was sent; null where it is longer than the limit.</summary>
    private static async ValueTask<byte[]?> ReadBytesAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return null;
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>JSON has one encoding (RFC 8259 §8.1). A charset that says so, or a part of it, is taken; it is not needed.</summary>
    private static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Value?.ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII";

    /// <summary>A receiver may pass over a byte order mark (RFC 8259 §8.1), and some clients send one.</summary>
    private static byte[] WithoutMark(byte[] bytes) => bytes is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : bytes;

    /// <summary>Whether it is JSON, and what is wrong with it; of what is none the serializer says where that begins.</summary>
    private static (bool IsJson, FieldError? Broken) Look(ReadOnlySpan<byte> json)
    {
        try
        {
            return (true, JsonRules.Check(json));
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }

    private static string PlaceOf(JsonException fault) =>
        fault is { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, byte {column + 1})" : "";

    /// <summary><c>$.recipients[0].email</c> → <c>recipients[0].email</c>.</summary>
    private static string FieldOf(string? path) =>
        path switch
        {
            null or "$" => "",
            ['$', '.', .. var rest] => rest,
            ['$', .. var rest] => rest,
            _ => path,
        };
}
