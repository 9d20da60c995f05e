using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Notify.Tests.StandIns.Hosting;

public sealed class LifetimeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crashed_service_starts_again()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProbe("probe");
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);
        var first = await app.AskProbeAsync<int>("probe", "/pid", Cancel);

        using (var client = app.CreateHttpClient("probe"))
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync("/crash", Cancel));
        await app.ResourceNotifications.WaitForResourceAsync("probe", change => change.Snapshot.State?.Text == KnownResourceStates.Starting, Cancel);

        Assert.NotEqual(first, await app.AskProbeAsync<int>("probe", "/pid", Cancel));
        Assert.Contains(await app.LinesOfAsync("probe", Cancel), line => line.EndsWith("Ended with exit code 3; starts again in 1 s.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stop_and_start_commands_end_and_begin_a_process()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProbe("probe");
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);
        var process = await app.AskProbeAsync<int>("probe", "/pid", Cancel);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("probe", KnownResourceCommands.StopCommand, Cancel)).Success);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("probe", out var stopped));
        Assert.Equal((KnownResourceStates.Exited, null), (stopped.Snapshot.State?.Text, stopped.Snapshot.ExitCode));
        Assert.False(IsAlive(process));

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("probe", KnownResourceCommands.StartCommand, Cancel)).Success);
        Assert.NotEqual(process, await app.AskProbeAsync<int>("probe", "/pid", Cancel));
    }

    [Fact]
    public async Task Stopping_the_application_leaves_no_process()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddProbe("probe");
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);
        var process = await app.AskProbeAsync<int>("probe", "/pid", Cancel);

        await app.StopAsync(Cancel);

        Assert.False(IsAlive(process));
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_host_that_ends_takes_its_processes_and_their_children_with_it(string signal)
    {
        var data = Directory.CreateTempSubdirectory("notify-host-");
        var start = new ProcessStartInfo("dotnet", [new ProbeProject().AssemblyPath, "host", "--data", data.FullName, "--Dashboard:Enabled=false"]) { RedirectStandardOutput = true };
        using var host = Process.Start(start)!;
        try
        {
            var grandchild = int.Parse((await ReadUntilAsync(host.StandardOutput, "grandchild ")).Split(' ')[^1]);
            Assert.True(IsAlive(grandchild));

            using (var kill = Process.Start("kill", [$"-{signal}", host.Id.ToString()]))
                await kill.WaitForExitAsync(Cancel);
            await host.WaitForExitAsync(Cancel);

            await UntilAsync(() => !IsAlive(grandchild) && !Children(data.FullName).Any());
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_second_host_on_a_data_folder_is_refused_by_name_of_the_first()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        await using var app = await builder.BuildAsync(Cancel);
        await app.StartAsync(Cancel);

        await using var second = DistributedApplicationTestingBuilder.Create("--data", builder.Configuration["Notify:DataFolder"]!);
        await using var other = await second.BuildAsync(Cancel);
        var refused = await Assert.ThrowsAsync<DistributedApplicationException>(() => other.StartAsync(Cancel));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsAlive(int process) => Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);

    /// <summary>Processes that a host with this data folder started, and the host itself.</summary>
    private static IEnumerable<string> Children(string dataFolder) => Directory.EnumerateDirectories("/proc").Where(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(dataFolder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;   // no process, or one that ended just now
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    });

    private static async Task<string> ReadUntilAsync(StreamReader reader, string text)
    {
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"The host ended without saying '{text}'.");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(50, deadline.Token);
    }
}
