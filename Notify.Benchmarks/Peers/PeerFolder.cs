using Notify.Benchmarks.Running;

namespace Notify.Benchmarks.Peers;

/// <summary><c>bench/peers</c>: what we are compared with, in Node. Its packages are installed at first use.</summary>
internal static class PeerFolder
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private static string Folder => Path.GetFullPath(Path.Combine(Projects.Notify_AppHost.ProjectPath, "..", "bench", "peers"));

    public static async Task InstallAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "kafkajs")))
            return;
        try
        {
            await using var npm = OwnedProcess.Start(
                "npm install",
                "npm",
                ["install", "--no-audit", "--no-fund"],
                new Dictionary<string, string>(),
                Folder
            );
            await npm.EndedAsync(InstallLimit, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new UsageException($"--peers needs Node and npm: {missing.Message}");
        }
    }

    public static async Task<OwnedProcess> StartAsync(
        string script,
        Dictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        var peer = OwnedProcess.Start(
            script,
            "node",
            [script],
            new Dictionary<string, string>(settings) { ["NODE_ENV"] = "production" },
            Folder,
            readyLine: "READY"
        );
        try
        {
            await peer.ReadyAsync(StartLimit, cancellationToken);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>A peer that takes requests: where it listens is in its ready line.</summary>
    public static async Task<(OwnedProcess Process, Uri Address)> StartAcceptAsync(
        string framework,
        string kafka,
        string topic,
        CancellationToken cancellationToken
    )
    {
        var settings = new Dictionary<string, string>
        {
            ["FRAMEWORK"] = framework,
            ["KAFKA"] = kafka,
            ["TOPIC"] = topic,
            ["PORT"] = "0",
        };
        var process = await StartAsync("accept.js", settings, cancellationToken);
        return (process, new Uri($"http://127.0.0.1:{process.ReadyLine.Split(' ')[1]}"));
    }
}
