using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The console log of every instance of every resource.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _time;

    internal ResourceLoggerService(TimeProvider time) => _time = time;

    /// <summary>Told of every line, with the name of the log.</summary>
    internal event Action<string, LogLine>? LineAdded;

    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    public ILogger GetLogger(string resourceName) => new ResourceLogger(LogOf(resourceName));

    /// <summary>What is kept, then what comes, until the log is completed or the reader gives up.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).WatchAsync();

    /// <summary>What is kept, and no more.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => LogOf(resourceName).GetAllAsync();

    public void Complete(IResource resource) => Complete(resource.Name);

    public void Complete(string name) => LogOf(name).Complete();

    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    public void Dispose()
    {
        foreach (var log in _logs.Values)
            log.Complete();
        GC.SuppressFinalize(this);
    }

    internal void Write(string name, string text, bool isError) => LogOf(name).Add(text, isError);

    private ResourceLog LogOf(string name) => _logs.GetOrAdd(name, key => new ResourceLog(_time, line => LineAdded?.Invoke(key, line)));

    private sealed class ResourceLogger(ResourceLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            log.Add(formatter(state, exception), logLevel >= LogLevel.Error);
            if (exception is not null)
                log.Add(exception.ToString(), isError: true);
        }
    }
}
