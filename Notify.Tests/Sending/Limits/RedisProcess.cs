using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Notify.Tests.Support;
using StackExchange.Redis;

namespace Notify.Tests.Sending.Limits;

/// <summary>A Redis server on loopback: an installed redis-server, or else the garnet-server tool, in a folder that is deleted afterwards.
/// It can be killed and started again on its port.</summary>
public sealed class RedisProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;

    /// <summary>Whether it runs scripts; before it starts.</summary>
    public bool Scripts { get; init; } = true;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},abortConnect=false,connectTimeout=2000");

    /// <summary>For a look at what is kept.</summary>
    public IConnectionMultiplexer Connection { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Connection = await ConnectAsync();
        if (Scripts)
            await WarmUpAsync();
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(Address);

    public async Task StartAsync()
    {
        _server = Run(await ProgramAsync());
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            Assert.False(_server.HasExited, "The Redis server ended.");
            Assert.True(waited.Elapsed < Patience, "The Redis server does not answer.");
            await Task.Delay(50, TestContext.Current.CancellationToken); // between two questions to a server that is starting
        }
    }

    public async Task KillAsync()
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        Connection?.Dispose();
        if (_server is not null)
            await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(string File, string[] Arguments)> ProgramAsync()
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        if (Find("redis-server") is { } redis)
        {
            string[] refuse = ["--rename-command", "EVALSHA", "", "--rename-command", "EVAL", "", "--rename-command", "SCRIPT", ""];
            return (
                redis,
                ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, .. Scripts ? [] : refuse]
            );
        }
        var tool = Path.Combine(_folder, OperatingSystem.IsWindows() ? "garnet-server.exe" : "garnet-server");
        if (!File.Exists(tool))
        {
            using var install = Run(("dotnet", ["tool", "install", "garnet-server", "--version", "2.2.5", "--tool-path", _folder]));
            await install.WaitForExitAsync();
            Assert.True(
                install.ExitCode == 0,
                "These tests need a Redis server: install redis-server, or make the .NET tool garnet-server available."
            );
        }
        string[] scripts = ["--lua", "--lua-transaction-mode"];
        return (
            tool,
            [
                "--port",
                port,
                "--bind",
                "127.0.0.1",
                "--memory",
                "64m",
                "--page",
                "4m",
                "--index",
                "1m",
                "--checkpointdir",
                _folder,
                .. Scripts ? scripts : [],
            ]
        );
    }

    private Process Run((string File, string[] Arguments) command)
    {
        var process = new Process
        {
            StartInfo = new(command.File, command.Arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = _folder,
            },
        };
        process.StartInfo.Environment["DOTNET_ROLL_FORWARD"] = "Major";
        process.StartInfo.Environment["DOTNET_gcServer"] = "0";
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            using var answer = new StreamReader(stream);
            return await answer.ReadLineAsync(TestContext.Current.CancellationToken) == "+PONG";
        }
        catch (Exception starting) when (starting is SocketException or IOException)
        {
            return false;
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>The first scripts of a fresh server may take longer than a limiter waits, and on a loaded machine the tests would count by
    /// themselves.</summary>
    private async Task WarmUpAsync()
    {
        await using var replica = await Replica.StartAsync(Address);
        var limiter = replica.Limiters.For("sandbox", "warm-up", new(1_000, 1_000));
        await Until.TrueAsync(
            () => limiter.TryTake(1, critical: true) == 1 && !limiter.IsLocal,
            "The server runs scripts.",
            CancellationToken.None
        );
    }
}
