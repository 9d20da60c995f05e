using System.Globalization;
using Aspire.Hosting.Local;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Redis.Local;

/// <summary>A Redis server of this machine: the garnet-server tool or, where that cannot be had, an installed redis-server. It keeps nothing between runs.</summary>
internal static class RedisServer
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static async Task<LocalServer> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        await LeftBehind.StopAsync(context.DataFolder, "garnet-server", 15, Grace, context.Logger, cancellationToken);
        await LeftBehind.StopAsync(context.DataFolder, "redis-server", 15, Grace, context.Logger, cancellationToken);
        var port = context.GetPort("tcp").ToString(CultureInfo.InvariantCulture);
        try
        {
            return Garnet(await GarnetTool.EnsureAsync(context, cancellationToken), context, port);
        }
        catch (MissingPieceException missing) when (LocalCommand.Find("redis-server") is { } redis)
        {
            context.Logger.LogWarning("Using {Redis}: {Reason}", redis, missing.Message);
            return Redis(redis, context, port);
        }
    }

    // Without the transaction mode Garnet runs scripts of several connections at once, and their reads and writes interleave: Redis never does.
    private static LocalProcess Garnet(string executable, LocalServerContext context, string port) =>
        new(executable,
            ["--port", port, "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "--memory", "256m", "--page", "4m", "--index", "16m", "--checkpointdir", context.DataFolder],
            context.DataFolder)
        {
            // The server garbage collector that the tool asks for keeps far more memory than a developer's cache needs.
            Environment = new Dictionary<string, string> { ["DOTNET_ROLL_FORWARD"] = "Major", ["DOTNET_gcServer"] = "0" },
            StopGrace = Grace,
        };

    private static LocalProcess Redis(string executable, LocalServerContext context, string port) =>
        new(executable,
            ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru", "--dir", context.DataFolder],
            context.DataFolder)
        { StopGrace = Grace };
}
