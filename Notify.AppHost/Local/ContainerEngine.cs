using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Notify.AppHost.Local;

/// <summary>
/// Whether containers can run here, in the words of Aspire's own orchestrator, which knows Docker and Podman and honours
/// ASPIRE_CONTAINER_RUNTIME. A look at PATH would mislead: a client may be there without a server.
/// </summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="configuration"><c>DcpPublisher:CliPath</c> names another orchestrator, as for Aspire itself.</param>
    public static bool IsRunning(IConfiguration configuration) =>
        (configuration["DcpPublisher:CliPath"] ?? BuiltIn) is not { } orchestrator || !File.Exists(orchestrator) || Read(Ask(orchestrator));

    /// <summary>The SDK writes where it put the orchestrator into the AppHost's assembly.</summary>
    private static string? BuiltIn =>
        typeof(ContainerEngine)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(data => string.Equals(data.Key, "dcpclipath", StringComparison.OrdinalIgnoreCase))
            ?.Value;

    /// <summary>An answer that cannot be read leaves it to Aspire, which then says what is wrong with the engine.</summary>
    internal static bool Read(string answer)
    {
        try
        {
            using var info = JsonDocument.Parse(answer);
            return info.RootElement.GetProperty("containers").GetProperty("running").GetBoolean();
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return true;
        }
    }

    private static string Ask(string orchestrator)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(orchestrator, ["info"]) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(Patience))
                return answer.GetAwaiter().GetResult(); // complete: the process has ended
            process.Kill();
            return "";
        }
        catch (Win32Exception)
        {
            return "";
        }
    }
}
