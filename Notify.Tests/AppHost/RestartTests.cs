using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Notify.Tests.Distributed;

namespace Notify.Tests.AppHost;

/// <summary>The one command, as a person runs it, twice on the same data.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
[Collection(nameof(CrashTests))]
public sealed partial class RestartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_start_serves_what_the_first_one_accepted_and_neither_leaves_anything_running()
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
            Assert.Empty(ProcessesOf(data.FullName));

            await RunAsync(data.FullName, async api =>
            {
                var before = await SentAsync(api, id);
                Assert.Single(before.Deliveries[0].Attempts);
                await SentAsync(api, await new ApiClient(api).AcceptedAsync(Requests.Email(Requests.NewEmail()), Cancel));
            });
            Assert.Empty(ProcessesOf(data.FullName));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<NotificationView> SentAsync(HttpClient api, Guid id) => await new ApiClient(api).WhenAllAreAsync(id, "sent", Cancel);

    /// <summary>Starts the AppHost, waits for its word, works with its API and asks it to end.</summary>
    private static async Task RunAsync(string data, Func<HttpClient, Task> work)
    {
        var lines = new List<string>();
        using var host = new Process { StartInfo = new ProcessStartInfo("dotnet", [HostAssembly(), "--data", data, "--Dashboard:Enabled=false"]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.OutputDataReceived += (_, line) => Hear(line.Data);
        host.ErrorDataReceived += (_, line) => Hear(line.Data);
        host.Start();
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            deadline.CancelAfter(Deadline);
            var ended = host.WaitForExitAsync(deadline.Token);
            if (await Task.WhenAny(ready.Task, ended) == ended)
                Assert.Fail($"The host was not up.{Environment.NewLine}{Heard()}");
            using var api = new HttpClient { BaseAddress = new Uri(await ready.Task) };
            api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "notify-development-key");
            await work(api);

            using (var kill = Process.Start("kill", ["-TERM", $"{host.Id}"]))
                await kill.WaitForExitAsync(Cancel);
            await host.WaitForExitAsync(deadline.Token);
            Assert.True(host.ExitCode == 0, $"Ended with {host.ExitCode}.{Environment.NewLine}{Heard()}");
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }

        void Hear(string? line)
        {
            if (line is null)
                return;
            lock (lines)
                lines.Add(line);
            if (ApiLine().Match(line) is { Success: true } match)
                ready.TrySetResult(match.Groups[1].Value);
        }

        string Heard()
        {
            lock (lines)
                return string.Join(Environment.NewLine, lines.TakeLast(60));
        }
    }

    /// <summary>Beside these tests' own output, in its project's folder.</summary>
    private static string HostAssembly()
    {
        var output = Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."), AppContext.BaseDirectory);
        return Path.Combine(Projects.Notify_AppHost.ProjectPath, output, "Notify.AppHost.dll");
    }

    private static List<string> ProcessesOf(string data) => [.. Directory.EnumerateDirectories("/proc").Where(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(data, StringComparison.Ordinal) || File.ReadAllText(Path.Combine(folder, "environ")).Contains(data, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;   // no process, or one that ended just now
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    })];

    [GeneratedRegex(@"^.*\bAPI:\s+(http\S+)")]
    private static partial Regex ApiLine();
}
