using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed;

/// <summary>The API as a producer uses it.</summary>
internal sealed class ApiClient(HttpClient http)
{
    public HttpClient Http => http;

    /// <summary>The id; a 503 is asked again under the same key, as a producer would.</summary>
    public async Task<Guid> AcceptedAsync(object request, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString();
        string? last = null;
        return (
            await Until.GetAsync(
                async () =>
                {
                    using var response = await PostAsync("/v1/notifications", request, cancellationToken, ("Idempotency-Key", key));
                    last = $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}";
                    if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict)
                        return null;
                    Assert.True(response.StatusCode == HttpStatusCode.Accepted, last);
                    return await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
                },
                _ => $"a notification is accepted; the last answer was {last}",
                cancellationToken
            )
        )["id"]!.GetValue<Guid>();
    }

    public async Task<HttpResponseMessage> PostAsync(
        string path,
        object body,
        CancellationToken cancellationToken,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await http.SendAsync(request, cancellationToken);
    }

    public async Task PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await http.PutAsJsonAsync(path, body, cancellationToken);
        Assert.True(
            response.IsSuccessStatusCode,
            $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}"
        );
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<JsonObject>(path, cancellationToken))!;

    /// <summary>Null while it is not routed, or cannot be looked up.</summary>
    public async Task<NotificationView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync($"/v1/notifications/{id}", cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<NotificationView>(cancellationToken);
    }

    /// <summary>The notification once every delivery has got as far as asked.</summary>
    public async Task<NotificationView> WhenAllAsync(Guid id, Func<DeliveryView, bool> arrived, CancellationToken cancellationToken)
    {
        NotificationView? last = null;
        return await Until.GetAsync(
            async () =>
            {
                last = await FindAsync(id, cancellationToken);
                return last is not null && last.Deliveries.All(arrived) ? last : null;
            },
            _ => $"notification {id} is {(last is null ? "not routed" : JsonSerializer.Serialize(last))}",
            cancellationToken
        );
    }

    public Task<NotificationView> WhenAllAreAsync(Guid id, string state, CancellationToken cancellationToken) =>
        WhenAllAsync(id, delivery => delivery.State == state, cancellationToken);

    /// <summary>The notification's only delivery, once it is in the state.</summary>
    public async Task<DeliveryView> SingleAsync(Guid id, string state, CancellationToken cancellationToken) =>
        Assert.Single((await WhenAllAreAsync(id, state, cancellationToken)).Deliveries);
}
