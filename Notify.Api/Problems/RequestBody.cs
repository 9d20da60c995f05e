using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>Reads a body once, within its bound, and turns what the JSON reader says into a field and a rule.</summary>
internal static class RequestBody
{
    /// <summary>The bytes, or the problem.</summary>
    public static async ValueTask<(byte[]? Bytes, IResult? Problem)> ReadAsync(HttpRequest request, int limit, string what, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
            return (null, Problem.NotJson());
        if (request.ContentLength > limit)
            return (null, Problem.TooLarge("", limit, what));
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, Problem.TooLarge("", limit, what));
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                // The JSON reader looks into a string only when it is asked for; what passes unread would be kept and handed on.
                return Utf8.IsValid(bytes) ? (bytes, null) : (null, Problem.Malformed(new FieldError("", "malformed", "The body is not valid UTF-8.")));
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The value, or what is wrong and where.</summary>
    public static (T? Value, FieldError? Error) Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.IsEmpty)
            return (null, new("", "required", "The body is empty; an object is expected."));
        try
        {
            return JsonSerializer.Deserialize(json, type) is { } value ? (value, null) : (null, new("", "required", "The body is null; an object is expected."));
        }
        catch (JsonException fault)
        {
            return (null, ErrorOf(fault));
        }
    }

    internal static FieldError ErrorOf(JsonException fault)
    {
        var field = FieldOf(fault.Path);
        if (fault.InnerException is JsonException { Path: not null } nested && ErrorOf(nested) is var within)   // of a value that has a converter of its own
            return within with { Field = field.Length == 0 || within.Field.Length == 0 ? field + within.Field : $"{field}.{within.Field}" };
        var place = fault is { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, byte {column + 1})" : "";
        if (fault.GetType() != typeof(JsonException) || fault.InnerException is JsonException)
            return new(field, "malformed", $"This is not JSON{place}.");
        if (fault.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return new(field, "unknown_field", $"There is no such field{place}; look for a misspelling.");
        return new(field, "wrong_type", $"The value has the wrong type{place}.");
    }

    /// <summary><c>$.recipients[0].email</c> → <c>recipients[0].email</c>.</summary>
    private static string FieldOf(string? path) => path switch
    {
        null or "$" => "",
        ['$', '.', .. var rest] => rest,
        ['$', .. var rest] => rest,
        _ => path,
    };
}
