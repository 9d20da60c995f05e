using System.Buffers.Text;
using System.Text.Json;

namespace Notify.Sandbox.Http;

/// <summary>The readable parts of a signed token. Signatures are not checked: whoever develops signs with keys made for the day.</summary>
internal sealed class Jwt
{
    private readonly JsonElement _header;
    private readonly JsonElement _claims;

    private Jwt(JsonElement header, JsonElement claims) => (_header, _claims) = (header, claims);

    public static Jwt? Parse(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || parts.Any(part => part.Length == 0 || !Base64Url.IsValid(part)))
            return null;
        try
        {
            var jwt = new Jwt(Read(parts[0]), Read(parts[1]));
            return jwt._header.ValueKind == JsonValueKind.Object && jwt._claims.ValueKind == JsonValueKind.Object ? jwt : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string? Header(string name) =>
        _header.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public string? Claim(string name) =>
        _claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public long? Time(string name) =>
        _claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
            ? (long)seconds
            : null;

    private static JsonElement Read(string part)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        return document.RootElement.Clone();
    }
}
