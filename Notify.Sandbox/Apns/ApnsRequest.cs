using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Apns;

/// <summary>A request to APNs, and the checks of its headers, token and payload in APNs's order.</summary>
/// <param name="Token">From the path; empty where it has none.</param>
/// <param name="IsDevice">Whether the path is that of a device.</param>
/// <param name="DeliveryId">From the payload.</param>
/// <param name="IsObject">Whether the payload is a JSON object.</param>
internal readonly record struct ApnsRequest(string Token, bool IsDevice, Guid? DeliveryId, bool IsObject)
{
    private const string DeviceStart = "/3/device";
    private const int MaxPayload = 4096;
    private const int MaxVoipPayload = 5120;
    private const int MaxCollapseIdBytes = 64;
    private const int MinTokenLength = 64;
    private const int MaxTokenLength = 200;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");

    public static ApnsRequest Parse(string path, byte[]? body)
    {
        var isDevice = path == DeviceStart || path.StartsWith(DeviceStart + "/", StringComparison.Ordinal);
        var token = isDevice && path.Length > DeviceStart.Length ? path[(DeviceStart.Length + 1)..] : "";
        var isObject = TryReadDeliveryId(body, out var deliveryId);
        return new ApnsRequest(token, isDevice, deliveryId, isObject);
    }

    /// <returns>The reason to refuse, or null.</returns>
    public string? Refusal(IHeaderDictionary headers, byte[]? body)
    {
        if (Token.Length == 0)
            return "MissingDeviceToken";
        if (Token.Length is < MinTokenLength or > MaxTokenLength || Token.Length % 2 != 0 || Token.AsSpan().ContainsAnyExcept(Hex))
            return "BadDeviceToken";
        var type = headers["apns-push-type"].ToString();
        return HeaderRefusal(headers, type) ?? PayloadRefusal(body, type == "voip" ? MaxVoipPayload : MaxPayload);
    }

    private static bool TryReadDeliveryId(ReadOnlySpan<byte> body, out Guid? id)
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
        if (
            type
            is not (
                ""
                or "alert"
                or "background"
                or "voip"
                or "liveactivity"
                or "location"
                or "complication"
                or "fileprovider"
                or "mdm"
                or "pushtotalk"
                or "controls"
                or "widgets"
            )
        )
            return "InvalidPushType";
        if (
            headers["apns-priority"] is { Count: > 0 } priority
            && (priority.ToString() is not ("10" or "5" or "1") || (type == "background" && priority.ToString() == "10"))
        )
            return "BadPriority";
        if (
            headers["apns-expiration"] is { Count: > 0 } expiration
            && !long.TryParse(expiration.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        )
            return "BadExpirationDate";
        return
            headers["apns-collapse-id"] is { Count: > 0 } collapse && Encoding.UTF8.GetByteCount(collapse.ToString()) > MaxCollapseIdBytes
            ? "BadCollapseId"
            : null;
    }

    private string? PayloadRefusal(byte[]? body, int limit) =>
        body is null || body.Length > limit ? "PayloadTooLarge"
        : IsObject ? null
        : "PayloadEmpty";
}
