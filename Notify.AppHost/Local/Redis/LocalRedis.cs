using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Notify.AppHost.Hosting;
using Notify.AppHost.Running;

namespace Notify.AppHost.Local.Redis;

internal static class LocalRedis
{
    /// <summary>Redis' protocol by Garnet (Notify.LocalRedis), where servers are local processes; otherwise null.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? AddLocalRedis(this IDistributedApplicationBuilder builder, string name)
    {
        if (!builder.UsesLocalServers())
            return null;
        var port = Ports.Take();
        return builder
            .AddLocalServer(new LocalServerResource(name, port), port, (context, _) => Task.FromResult(Program(context.Port)))
            .WithHealthCheck(builder.AddCheck($"{name}_check", () => new RedisPing(port)));
    }

    internal static LocalProgram Program(int port) =>
        new(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Notify.LocalRedis.exe" : "Notify.LocalRedis"),
            [port.ToString(CultureInfo.InvariantCulture)]
        )
        {
            Environment = new Dictionary<string, string> { ["DOTNET_ROOT"] = BuiltServices.DotnetRoot },
        };
}

/// <summary>Healthy when it answers PING.</summary>
internal sealed class RedisPing(int port) : IHealthCheck
{
    private static readonly byte[] Ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Ping, cancellationToken);
            using var answer = new StreamReader(stream, Encoding.ASCII);
            return await answer.ReadLineAsync(cancellationToken) == "+PONG"
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("It does not answer PING.");
        }
        catch (Exception failed) when (failed is SocketException or IOException)
        {
            return HealthCheckResult.Unhealthy($"It does not accept connections: {failed.Message}");
        }
    }
}
