using System.Text;
using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Google;

/// <summary>Reads and checks a send request in one pass over its bytes. Field names are taken in both of protobuf's JSON
/// spellings.</summary>
/// <remarks>Longer than other files, because a ref struct that holds the reader cannot be split over several types.</remarks>
internal ref struct FcmParser
{
    private const int MaxPayload = 4096;
    private const int MaxTopicPayload = 2048;
    private const double MaxTtlSeconds = 2_419_200;
    private Utf8JsonReader _json;
    private FcmFault? _fault;
    private string? _target;
    private int _targets;
    private bool _toTopic;
    private bool _sawMessage;
    private bool _validateOnly;
    private Guid? _deliveryId;
    private int _payload;

    private FcmParser(ReadOnlySpan<byte> body) => _json = new Utf8JsonReader(body);

    public static FcmRequest Parse(ReadOnlySpan<byte> body)
    {
        var parser = new FcmParser(body);
        try
        {
            parser.Root();
        }
        catch (JsonException)
        {
            parser._fault = new FcmFault("Invalid JSON payload received. Unexpected token.");
        }

        return new FcmRequest(parser._target, parser._validateOnly, parser._deliveryId, parser._fault ?? parser.Whole());
    }

    private readonly FcmFault? Whole()
    {
        if (!_sawMessage || _targets == 0)
            return new FcmFault("Recipient of the message is not set.", "message");
        if (_targets > 1)
            return new FcmFault("Only one of token, topic and condition may be set.", "message");
        if (string.IsNullOrEmpty(_target))
            return new FcmFault("The registration token is not a valid FCM registration token", "message.token");
        return _payload > (_toTopic ? MaxTopicPayload : MaxPayload) ? new FcmFault("Android message is too big", Details: false) : null;
    }

    private void Root()
    {
        _json.Read();
        if (!IsObject("message"))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("message"u8))
            {
                _json.Read();
                Message();
            }
            else if (_json.ValueTextEquals("validate_only"u8) || _json.ValueTextEquals("validateOnly"u8))
            {
                _json.Read();
                _validateOnly = _json.TokenType == JsonTokenType.True;
            }
            else
            {
                Unknown(null);
            }
        }

        _json.Read(); // throws on anything after the end
    }

    private void Message()
    {
        _sawMessage = true;
        if (!IsObject("message"))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("token"u8))
                Target("message.token", topic: false);
            else if (_json.ValueTextEquals("topic"u8))
                Target("message.topic", topic: true);
            else if (_json.ValueTextEquals("condition"u8))
                Target("message.condition", topic: true);
            else if (_json.ValueTextEquals("data"u8))
                Data("message.data");
            else if (_json.ValueTextEquals("notification"u8))
                Notification();
            else if (_json.ValueTextEquals("android"u8))
                Android();
            else if (_json.ValueTextEquals("apns"u8))
                Apns();
            else if (IsOneOfTheRest())
                _json.Skip();
            else
                Unknown("message");
        }
    }

    private readonly bool IsOneOfTheRest() =>
        _json.ValueTextEquals("webpush"u8)
        || _json.ValueTextEquals("fcm_options"u8)
        || _json.ValueTextEquals("fcmOptions"u8)
        || _json.ValueTextEquals("name"u8);

    private void Target(string field, bool topic)
    {
        _json.Read();
        if (!IsString(field))
            return;
        _targets++;
        _toTopic = topic;
        _target = _json.GetString();
    }

    private void Data(string path)
    {
        _json.Read();
        if (!IsObject(path))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var key = _json.ValueSpan;
            if (key.SequenceEqual("from"u8) || key.SequenceEqual("gcm"u8) || key.StartsWith("google"u8))
                Fault("Invalid data payload key: " + _json.GetString(), $"{path}[{_json.GetString()}]");
            var isDeliveryId = _json.ValueTextEquals("notify-delivery-id"u8);
            _payload += Size();
            _json.Read();
            if (!IsString(path))
                continue;
            _payload += Size();
            if (isDeliveryId)
                _deliveryId = DeliveryIds.Parse(_json.ValueSpan);
        }
    }

    private void Notification()
    {
        _json.Read();
        if (!IsObject("message.notification"))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            _payload += Size();
            _json.Read();
            if (IsString("message.notification"))
                _payload += Size();
        }
    }

    private void Android()
    {
        _json.Read();
        if (!IsObject("message.android"))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("ttl"u8))
            {
                _json.Read();
                if (IsString("message.android.ttl") && !IsDuration(_json.ValueSpan))
                    Fault("Invalid value at 'message.android.ttl' (type.googleapis.com/google.protobuf.Duration)", "message.android.ttl");
            }
            else if (_json.ValueTextEquals("priority"u8))
            {
                _json.Read();
                if (
                    IsString("message.android.priority")
                    && !Ascii.EqualsIgnoreCase(_json.ValueSpan, "HIGH"u8)
                    && !Ascii.EqualsIgnoreCase(_json.ValueSpan, "NORMAL"u8)
                )
                    Fault(
                        "Invalid value at 'message.android.priority' (type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority)",
                        "message.android.priority"
                    );
            }
            else if (_json.ValueTextEquals("data"u8))
            {
                Data("message.android.data");
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private void Apns()
    {
        _json.Read();
        if (!IsObject("message.apns"))
            return;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var isPayload = _json.ValueTextEquals("payload"u8);
            _json.Read();
            if (!IsObject("message.apns"))
                continue;
            var start = _json.TokenStartIndex;
            _json.Skip();
            if (isPayload && _json.BytesConsumed - start > MaxPayload)
                Fault("APNs payload is too big", null, details: false);
        }
    }

    private static bool IsDuration(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9', .., (byte)'s']
        && System.Buffers.Text.Utf8Parser.TryParse(text[..^1], out decimal seconds, out var used)
        && used == text.Length - 1
        && seconds <= (decimal)MaxTtlSeconds;

    private readonly int Size() => _json.ValueIsEscaped ? Encoding.UTF8.GetByteCount(_json.GetString()!) : _json.ValueSpan.Length;

    private bool IsObject(string field) => Is(JsonTokenType.StartObject, field, "Invalid value at '{0}': an object is expected");

    private bool IsString(string field) => Is(JsonTokenType.String, field, "Invalid value at '{0}' (TYPE_STRING)");

    private bool Is(JsonTokenType expected, string field, string message)
    {
        if (_json.TokenType == expected)
            return true;
        if (_json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            _json.Skip();
        Fault(message.Replace("{0}", field, StringComparison.Ordinal), field);
        return false;
    }

    private void Unknown(string? parent)
    {
        var name = _json.GetString();
        Fault(
            parent is null
                ? $"Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
                : $"Invalid JSON payload received. Unknown name \"{name}\" at '{parent}': Cannot find field.",
            parent ?? ""
        );
        _json.Skip();
    }

    private void Fault(string message, string? field, bool details = true) => _fault ??= new FcmFault(message, field, details);
}
