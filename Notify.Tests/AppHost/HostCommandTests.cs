using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Notify.Tests.Distributed;

namespace Notify.Tests.AppHost;

/// <summary>What a person types beside a running host.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
[Collection(nameof(CrashTests))]
public sealed class HostCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_shows_the_running_host_and_keys_create_finds_its_database()
    {
        await using var host = await AppHostProcess.StartAsync(Cancel);

        var info = await RunAsync(AppHostProcess.Program, "info");
        Assert.Equal(0, info.Code);
        Assert.Contains(host.Api.ToString().TrimEnd('/'), info.Output, StringComparison.Ordinal);
        Assert.Contains("Database=notifydb", info.Output, StringComparison.Ordinal);
        Assert.Contains(host.Folder, info.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", host.Output, StringComparison.Ordinal);

        var created = await RunAsync(AppHostProcess.Program.Replace("Notify.AppHost", "Notify.Api", StringComparison.Ordinal), "keys", "create", "--tenant", "acme", "--scopes", "send,read");
        Assert.True(created.Code == 0, created.Errors);
        using var api = new HttpClient { BaseAddress = host.Api };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Output.Trim());
        using var accepted = await api.PostAsJsonAsync("/v1/notifications", Requests.Email(Requests.NewEmail()), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        Assert.Equal(0, await host.EndAsync("TERM", Cancel));
        var after = await RunAsync(AppHostProcess.Program, "info");
        Assert.Equal(1, after.Code);
        Assert.Contains("No host runs", after.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_folder_is_refused_in_one_sentence()
    {
        await using var host = await AppHostProcess.StartAsync(Cancel);

        var second = await RunAsync(AppHostProcess.Program, "--data", host.Folder);

        Assert.Equal(1, second.Code);
        Assert.Contains("is in use by process", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);   // no stack trace
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await errors);
    }
}
