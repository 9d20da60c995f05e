using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Hosting;
using Notify.AppHost.Local;

namespace Notify.Tests.Distributed.AppHost.Local;

/// <summary>What the host gives a server to prepare itself with, below one temporary folder; ends what was started there and deletes
/// it.</summary>
internal sealed class ServerFolders : IAsyncDisposable, ILogger
{
    private readonly string _root = Directory.CreateTempSubdirectory("notify-server-").FullName;
    private readonly ConcurrentBag<RunningServer> _started = [];

    public ServerFolders()
    {
        Directory.CreateDirectory(DataFolder);
        Directory.CreateDirectory(ToolsFolder);
    }

    public string DataFolder => Path.Combine(_root, "data");
    public string ToolsFolder => Path.Combine(_root, "tools");
    public ConcurrentQueue<string> Log { get; } = [];

    public LocalServerContext Context(int port = 0, params (string Key, string Value)[] settings) =>
        new(
            DataFolder,
            ToolsFolder,
            port,
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
                .Build(),
            this
        );

    public async Task<RunningServer> StartAsync(
        Func<LocalServerContext, CancellationToken, Task<LocalProgram>> prepare,
        params (string Key, string Value)[] settings
    )
    {
        var port = Ports.Take();
        var running = RunningServer.Start(await prepare(Context(port, settings), TestContext.Current.CancellationToken), port, DataFolder);
        _started.Add(running);
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _started)
            await server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Log.Enqueue(formatter(state, exception));
}
