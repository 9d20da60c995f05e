using System.Net;
using System.Net.Sockets;
using System.Text;
using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Api.Paths;

/// <summary>Ids of clients in paths, whatever they contain.</summary>
[Collection(SharedPostgres.Name)]
public sealed class PathIdTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    public static TheoryData<string> Ids =>
        [
            "org1/ann",
            "org1%2Fann",
            "org1%252Fann",
            "a?b",
            "a#b",
            "a b",
            "a+b",
            "100%",
            "é/😀",
            "../up",
            "a/../b",
            "...",
            "a;b=c",
            "a:b@c",
            "%00",
            "\\",
            "\"'<>",
        ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Recipient_and_device_have_the_id_that_was_meant(string id)
    {
        var path = $"/v1/recipients/{Uri.EscapeDataString(id)}";
        using var made = await fixture.Api.SendAsync(
            HttpMethod.Put,
            path,
            $$"""{"email":"{{Convert.ToHexString(Encoding.UTF8.GetBytes(id))}}@example.test"}"""
        );
        Assert.Equal((HttpStatusCode.Created, id), (made.StatusCode, (await ApiHost.JsonAsync(made)).GetProperty("id").GetString()));

        using var device = await fixture.Api.SendAsync(
            HttpMethod.Put,
            $"{path}/devices/{Uri.EscapeDataString(id)}",
            $$"""{"token":"{{Guid.NewGuid()}}","platform":"fcm"}"""
        );
        Assert.True(device.IsSuccessStatusCode);
        Assert.Equal(id, (await ApiHost.JsonAsync(device)).GetProperty("id").GetString());

        using var shown = await fixture.Api.SendAsync(HttpMethod.Get, path);
        var view = await ApiHost.JsonAsync(shown);
        Assert.Equal((id, id), (view.GetProperty("id").GetString(), view.GetProperty("devices")[0].GetProperty("id").GetString()));
        Assert.Equal(
            [id],
            await fixture.Database.ListAsync(
                $"SELECT recipient_id FROM recipients WHERE email = '{Convert.ToHexString(Encoding.UTF8.GetBytes(id))}@example.test'"
            )
        );

        using var removed = await fixture.Api.SendAsync(HttpMethod.Delete, $"{path}/devices/{Uri.EscapeDataString(id)}");
        Assert.True(removed.IsSuccessStatusCode);
        using var deleted = await fixture.Api.SendAsync(HttpMethod.Delete, path);
        Assert.True(deleted.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("/v1/recipients/%FF")]
    [InlineData("/v1/recipients/a%zz")]
    [InlineData("/v1/recipients/a/devices/%C3")]
    public async Task Path_that_cannot_be_read_is_a_problem(string target)
    {
        // A client library would mend it.
        using var client = new TcpClient();
        await client.ConnectAsync(
            fixture.Api.Http.BaseAddress!.Host,
            fixture.Api.Http.BaseAddress.Port,
            TestContext.Current.CancellationToken
        );
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"GET {target} HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {ApiHost.Key}\r\nConnection: close\r\n\r\n"
            ),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("urn:notify:problem:malformed", answer, StringComparison.Ordinal);
    }
}
