using System.Reflection;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A test that runs an AppHost's entry point in its own process: it gets hold of the builder when the entry point builds, and of the application when
/// the entry point runs it; the entry point then rests until the application has stopped.
/// </summary>
internal sealed class EntryPointSession(Assembly assembly, Action<DistributedApplicationOptions> configure)
{
    private static readonly AsyncLocal<EntryPointSession?> s_current = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _building = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buildAllowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointSession? Current { get => s_current.Value; set => s_current.Value = value; }

    public Assembly Assembly { get; } = assembly;

    /// <summary>Passes with the test. Others may look into it: a database server that refuses to run as root runs as another user.</summary>
    public string DataFolder { get; } = Path.Combine(Path.GetTempPath(), $"notify-test-{Guid.NewGuid():N}");

    public Task<DistributedApplicationBuilder> Building => _building.Task;
    public Task<DistributedApplication> Running => _running.Task;

    public void Configure(DistributedApplicationOptions options) => configure(options);

    /// <summary>Called by the entry point: hands the builder over and rests until the test wants the application.</summary>
    public void ReachedBuild(DistributedApplicationBuilder builder)
    {
        _building.TrySetResult(builder);
        _buildAllowed.Task.GetAwaiter().GetResult();
    }

    public void AllowBuild() => _buildAllowed.TrySetResult();

    /// <summary>Called by the entry point: hands the application over and rests until the test is done with it.</summary>
    public async Task ReachedRunAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        _running.TrySetResult(application);
        await _finished.Task.WaitAsync(cancellationToken);
    }

    public void Finish()
    {
        _buildAllowed.TrySetCanceled();
        _finished.TrySetResult();
        if (Directory.Exists(DataFolder))
            Directory.Delete(DataFolder, recursive: true);
    }

    /// <summary>The entry point has ended; a test that still waits for it learns why.</summary>
    public void Ended(Exception? failure)
    {
        var cause = failure ?? new InvalidOperationException($"The entry point of {Assembly.GetName().Name} ended without building and running a distributed application.");
        _building.TrySetException(cause);
        _running.TrySetException(cause);
    }
}
