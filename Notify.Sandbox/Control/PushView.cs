using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Control;

/// <summary>A push as the device shows it.</summary>
internal sealed record PushView(string App, string? Title, string? Body, IReadOnlyDictionary<string, string> Data)
{
    public static PushView Of(ArrivedMessage message)
    {
        using var json = JsonDocument.Parse(message.Body); // valid, or it would not have been accepted
        return message.Provider == Provider.Fcm
            ? OfFcm(message.From, json.RootElement.GetProperty("message"))
            : OfApns(message.From, json.RootElement);
    }

    private static PushView OfFcm(string project, JsonElement message)
    {
        var shown = Child(message, "notification");
        var android = Child(Child(message, "android"), "notification");
        var alert = Child(Child(Child(Child(message, "apns"), "payload"), "aps"), "alert");
        return new PushView(
            project,
            Text(shown, "title") ?? Text(android, "title") ?? Text(alert, "title"),
            Text(shown, "body") ?? Text(android, "body") ?? Text(alert, "body"),
            Fields(Child(message, "data"), except: null)
        );
    }

    private static PushView OfApns(string topic, JsonElement payload)
    {
        var alert = Child(Child(payload, "aps"), "alert");
        return new PushView(
            topic,
            Text(alert, "title"),
            alert is { ValueKind: JsonValueKind.String } text ? text.GetString() : Text(alert, "body"),
            Fields(payload, except: "aps")
        );
    }

    private static Dictionary<string, string> Fields(JsonElement? of, string? except)
    {
        var fields = new Dictionary<string, string>();
        if (of is { ValueKind: JsonValueKind.Object } json)
        {
            foreach (var field in json.EnumerateObject().Where(field => field.Name != except))
                fields[field.Name] = field.Value.ToString();
        }

        return fields;
    }

    private static JsonElement? Child(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var child) ? child : null;

    private static string? Text(JsonElement? of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
