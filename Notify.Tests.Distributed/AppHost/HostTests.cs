using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.AppHost;

/// <summary>The one command, as a person runs it.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
[Collection(nameof(CrashTests))]
public sealed class HostTests
{
    private static readonly string[] s_programs =
    [
        "dcp",
        "Aspire.Dashboard",
        "postgres",
        "Notify.LocalRedis",
        "Notify.Api",
        "Notify.Sandbox",
        "Notify.Workers.Router",
        "Notify.Workers.Push",
        "Notify.Workers.Email",
        "Notify.Workers.Sms",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT", "TERM")]
    [InlineData("HUP", "KILL")]
    public async Task Two_hosts_that_start_together_are_apart_and_leave_no_process_however_they_end(params string[] signals)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It looks for processes in /proc.");
        var hosts = await Task.WhenAll(signals.Select(_ => AppHostProcess.StartAsync(Cancel)));
        try
        {
            Assert.Equal(
                6,
                hosts.SelectMany(host => new[] { host.Login.Authority, host.Api.Authority, host.Sandbox.Authority }).Distinct().Count()
            );
            using var browser = new HttpClient();
            foreach (var host in hosts)
                Assert.True((await browser.GetAsync(host.Login, Cancel)).IsSuccessStatusCode);

            foreach (var (host, signal) in hosts.Zip(signals))
            {
                var started = ProcessTable.StartedBy(host.Id);
                Assert.All(s_programs, program =>
                    Assert.Contains(started, process => process.CommandLine.Contains(program, StringComparison.Ordinal))
                );

                var code = await host.EndAsync(signal, Cancel);

                if (signal != "KILL")
                    Assert.Equal(0, code);
                await Until.TrueAsync(
                    () => !started.Any(process => process.IsAlive),
                    $"nothing is left of the host that got {signal}",
                    Cancel
                );
            }
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_second_start_serves_what_the_first_one_accepted()
    {
        var data = Directory.CreateTempSubdirectory("notify-restart-");
        // A database server that refuses to run as root runs as another user, who has to get in.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(data.FullName, (UnixFileMode)0b111_101_101);
        try
        {
            Guid id = default;
            await RunAsync(data.FullName, async api =>
            {
                using var response = await api.PostAsJsonAsync("/v1/notifications", Requests.Email(Requests.NewEmail()), Cancel);
                Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                id = (await response.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["id"]!.GetValue<Guid>();
                await SentAsync(api, id);
            });

            await RunAsync(data.FullName, async api =>
            {
                var before = await SentAsync(api, id);
                Assert.Single(before.Deliveries[0].Attempts);
                await SentAsync(api, await new ApiClient(api).AcceptedAsync(Requests.Email(Requests.NewEmail()), Cancel));
            });
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static Task<NotificationView> SentAsync(HttpClient api, Guid id) => new ApiClient(api).WhenAllAreAsync(id, "sent", Cancel);

    /// <summary>Starts the host, works with its API and asks it to end.</summary>
    private static async Task RunAsync(string data, Func<HttpClient, Task> work)
    {
        await using var host = await AppHostProcess.StartAsync(Cancel, data);
        using var api = new HttpClient { BaseAddress = host.Api };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningNotify.DevelopmentKey);
        await work(api);
        Assert.Equal(0, await host.EndAsync("TERM", Cancel));
        var info = await AppHostProcess.RunAsync(AppHostProcess.Program, ["info"], Cancel);
        Assert.Equal(1, info.Code);
        Assert.Contains("No host runs", info.Errors, StringComparison.Ordinal);
    }
}
