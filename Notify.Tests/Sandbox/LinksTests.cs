using System.Net;
using Microsoft.AspNetCore.Http;
using Notify.Tests.ServiceDefaults;

namespace Notify.Tests.Sandbox;

public sealed class LinksTests
{
    private static readonly Guid s_delivery = Guid.Parse("0192f0c1-2345-7abc-8def-0123456789ab");

    private readonly CancellationToken _cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_leads_to_its_notification_and_its_trace()
    {
        await using var api = await StubServer.StartAsync(_cancel);
        api.Answer = context =>
            context.Request.Path == $"/v1/deliveries/{s_delivery}" && context.Request.Headers.Authorization == "Bearer key"
                ? context.Response.WriteAsJsonAsync(new { id = "a-notification", traceId = "4bf92f3577b34da6a3ce929d0e0e4736" })
                : StubServer.Status(404)(context);
        await using var sandbox = await SandboxFixture.StartAsync(
            $"--Sandbox:Notify:Api={api.Address}",
            "--Sandbox:Notify:ApiKey=key",
            "--Sandbox:Notify:Dashboard=http://localhost:15000"
        );
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = sandbox.Http.BaseAddress };

        Assert.Contains(
            "a-notification",
            await browser.GetStringAsync(new Uri($"/sandbox/deliveries/{s_delivery}", UriKind.Relative), _cancel),
            StringComparison.Ordinal
        );
        using var trace = await browser.GetAsync(new Uri($"/sandbox/deliveries/{s_delivery}/trace", UriKind.Relative), _cancel);
        using var unknown = await browser.GetAsync(new Uri($"/sandbox/deliveries/{Guid.NewGuid()}", UriKind.Relative), _cancel);

        Assert.Equal(
            (HttpStatusCode.Redirect, "http://localhost:15000/traces/detail/4bf92f3577b34da6a3ce929d0e0e4736"),
            (trace.StatusCode, trace.Headers.Location?.ToString())
        );
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("", HttpStatusCode.NotFound)]
    [InlineData("--Sandbox:Notify:Api=http://127.0.0.1:1", HttpStatusCode.BadGateway)]
    public async Task Without_the_api_the_reason_is_said(string setting, HttpStatusCode status)
    {
        await using var sandbox = await SandboxFixture.StartAsync(setting.Length > 0 ? [setting] : []);

        using var answer = await sandbox.Http.GetAsync(new Uri($"/sandbox/deliveries/{s_delivery}", UriKind.Relative), _cancel);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains("Notify API", (await SandboxFixture.JsonAsync(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
