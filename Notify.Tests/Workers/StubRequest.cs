using System.Text.Json;

namespace Notify.Tests.Workers;

/// <summary>One request as the stub read it.</summary>
internal sealed record StubRequest(string Method, string Path, string Protocol, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>The bearer token it carried.</summary>
    public string Bearer => Headers["authorization"].Split(' ', 2)[1];
}
