using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Apns;

/// <summary>Checks of headers, token and payload, in APNs's order.</summary>
internal static class ApnsRequest
{
    private const int MaxPayload = 4096;
    private const int MaxVoipPayload = 5120;
    private const int MaxCollapseIdBytes = 64;
    private const int MinTokenLength = 64;
    private const int MaxTokenLength = 200;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    /// <returns>The reason to refuse, or null.</returns>
    public static string? Refusal(IHeaderDictionary headers, string token, byte[]? body)
    {
        if (token.Length == 0)
            return "MissingDeviceToken";
        if (token.Length is < MinTokenLength or > MaxTokenLength || token.Length % 2 != 0 || token.AsSpan().ContainsAnyExcept(Hex))
            return "BadDeviceToken";
        var type = headers["apns-push-type"].ToString();
        return HeaderRefusal(headers, type) ?? PayloadRefusal(body, type == "voip" ? MaxVoipPayload : MaxPayload);
    }

    public static bool TryReadDeliveryId(byte[] body, out Guid? id)
    {
        id = null;
        var json = new Utf8JsonReader(body);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isId = json.ValueTextEquals("notify-delivery-id"u8);
                json.Read();
                if (isId && json.TokenType == JsonTokenType.String)
                    id = DeliveryIds.Parse(json.ValueSpan);
                json.Skip();
            }

            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? HeaderRefusal(IHeaderDictionary headers, string type)
    {
        if (headers["apns-topic"].ToString().Length == 0)
            return "MissingTopic";
        if (headers["apns-id"] is { Count: > 0 } id && !Guid.TryParseExact(id.ToString(), "D", out _))
            return "BadMessageId";
        if (type is not ("" or "alert" or "background" or "voip" or "liveactivity" or "location" or "complication" or "fileprovider" or "mdm" or "pushtotalk" or "controls" or "widgets"))
            return "InvalidPushType";
        if (headers["apns-priority"] is { Count: > 0 } priority && (priority.ToString() is not ("10" or "5" or "1") || (type == "background" && priority.ToString() == "10")))
            return "BadPriority";
        if (headers["apns-expiration"] is { Count: > 0 } expiration && !long.TryParse(expiration.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return "BadExpirationDate";
        return headers["apns-collapse-id"] is { Count: > 0 } collapse && Encoding.UTF8.GetByteCount(collapse.ToString()) > MaxCollapseIdBytes ? "BadCollapseId" : null;
    }

    private static string? PayloadRefusal(byte[]? body, int limit) =>
        body is null || body.Length > limit ? "PayloadTooLarge" : body.Length == 0 ? "PayloadEmpty" : null;
}
