using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Notify.Sending.Http;

namespace Notify.Workers.Sms.Gateway;

/// <summary>A place in an answer: names and positions with dots between them in its JSON, or a header.</summary>
internal static class AnswerPath
{
    private const string HeaderPrefix = "header:";

    public static bool IsHeader(string path) => path.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase);

    public static bool IsValid(string path)
    {
        if (!IsHeader(path))
            return path.Split('.').All(step => step.Trim().Length > 0);
        using var response = new HttpResponseMessage();
        return response.Headers.TryAddWithoutValidation(path[HeaderPrefix.Length..], "");
    }

    /// <summary>The text or number there; null for anything else.</summary>
    public static string? Read(string path, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        IsHeader(path)
            ? headers.TryGetValues(path[HeaderPrefix.Length..], out var values)
                ? values.First()
                : null
            : Read(path, body);

    public static string? Read(string path, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            JsonElement? at = JsonElement.ParseValue(ref reader);
            foreach (var step in path.Split('.'))
                at = at is { } element ? Step(element, step) : null;
            return at switch
            {
                { ValueKind: JsonValueKind.String } text => text.TextOrNull(),
                { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
                _ => null,
            };
        }
        catch (Exception fault) when (AnswerText.IsUnreadable(fault))
        {
            return null; // not the gateway's own answer; the status alone has to do
        }
    }

    private static JsonElement? Step(JsonElement element, string step) =>
        element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty(step, out var child) => child,
            JsonValueKind.Array
                when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < element.GetArrayLength() => element[index],
            _ => null,
        };
}
