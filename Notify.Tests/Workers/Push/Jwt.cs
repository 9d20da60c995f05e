using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Notify.Tests.Workers.Push;

/// <summary>A signed token, taken apart.</summary>
internal sealed record Jwt(JsonElement Header, JsonElement Claims, byte[] SignedBytes, byte[] Signature)
{
    public static Jwt Read(string token)
    {
        var parts = token.Split('.');
        return new Jwt(
            JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[0])),
            JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1])),
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            Base64Url.DecodeFromChars(parts[2])
        );
    }
}
