using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Serving;

namespace Notify.Tests.StandIns.Dashboard.Serving;

/// <summary>An application that does what the test tells it.</summary>
internal sealed class StubSource : IDashboardSource
{
    private readonly Channel<ResourceView> _resources = Channel.CreateUnbounded<ResourceView>();

    public string ApplicationName => "Shop";

    public Channel<IReadOnlyList<LogLine>> Logs { get; } = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();

    /// <summary>Done when a reader of logs has ended, whichever way.</summary>
    public TaskCompletionSource LogsEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<(string Resource, string Command)> Executed { get; } = [];

    public Func<CancellationToken, Task<ExecuteCommandResult>> Execution { get; set; } = _ => Task.FromResult(new ExecuteCommandResult { Success = true });

    public static ResourceView Resource(string name, string state) =>
        new(name, name, new CustomResourceSnapshot { ResourceType = "Project", State = new ResourceStateSnapshot(state, null), Properties = [] });

    public void Show(ResourceView resource) => Assert.True(_resources.Writer.TryWrite(resource));

    public IAsyncEnumerable<ResourceView> WatchResourcesAsync(CancellationToken cancellationToken) => _resources.Reader.ReadAllAsync(cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadLogsAsync(string resourceName, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            if (!follow)
                yield return [new LogLine(1, $"all of {resourceName}", false)];
            while (follow)
                yield return await Logs.Reader.ReadAsync(cancellationToken);
        }
        finally
        {
            LogsEnded.TrySetResult();
        }
    }

    public Task<ExecuteCommandResult> ExecuteAsync(string resourceName, string commandName, CancellationToken cancellationToken)
    {
        Executed.Add((resourceName, commandName));
        return Execution(cancellationToken);
    }
}
