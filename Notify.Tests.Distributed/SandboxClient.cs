using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Notify.Tests.Distributed;

/// <summary>What arrived at the providers, and how they misbehave.</summary>
internal sealed class SandboxClient(HttpClient http)
{
    private const int Page = 1000;

    /// <summary>Behaviours of one address: a test sets none that another test could meet.</summary>
    public async Task MisbehaveAsync(object behaviour, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsJsonAsync("/sandbox/behaviours", behaviour, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public async Task BehaveAsync(string provider, string? address, CancellationToken cancellationToken)
    {
        using var response = await http.DeleteAsync(
            $"/sandbox/behaviours/{provider}{(address is null ? "" : $"?address={Uri.EscapeDataString(address)}")}",
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
    }

    public async Task<IReadOnlyList<SandboxMessage>> ToAsync(string address, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<SandboxMessage[]>($"/sandbox/messages?to={Uri.EscapeDataString(address)}", cancellationToken))!;

    /// <summary>The address's only message, whole.</summary>
    public async Task<SandboxMessage> SingleToAsync(string address, CancellationToken cancellationToken) =>
        await FullAsync(Assert.Single(await ToAsync(address, cancellationToken)), cancellationToken);

    public async Task<SandboxMessage> FullAsync(SandboxMessage message, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<SandboxMessage>($"/sandbox/messages/{message.Seq}", cancellationToken))!;

    /// <summary>How often each address got something after the mark.</summary>
    public async Task<Dictionary<string, int>> CountsAsync(long after, CancellationToken cancellationToken) =>
        (await SinceAsync(after, cancellationToken))
            .CountBy(message => message.To, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What came after the mark, the newest first.</summary>
    public async Task<IReadOnlyList<SandboxMessage>> SinceAsync(long after, CancellationToken cancellationToken)
    {
        var messages = new List<SandboxMessage>();
        var before = long.MaxValue;
        while (true)
        {
            var page = (
                await http.GetFromJsonAsync<SandboxMessage[]>(
                    $"/sandbox/messages?after={after}&before={before}&limit={Page}",
                    cancellationToken
                )
            )!;
            messages.AddRange(page);
            if (page.Length == 0)
                return messages;
            before = page[^1].Seq;
        }
    }

    /// <summary>The last message so far.</summary>
    public async Task<long> MarkAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<JsonObject>("/sandbox/stats", cancellationToken))!["lastSeq"]!.GetValue<long>();
}
