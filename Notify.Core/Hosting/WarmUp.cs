using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Notify.Core.Hosting;

/// <summary>
/// Does once, before the service says that it is ready, what would otherwise make the first message slow: models are built, statements
/// prepared, code compiled, connections opened. What fails here fails no start; it is tried again by the work itself.
/// </summary>
public static partial class WarmUp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Adds a step; all steps of a service run side by side.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="step">Must change nothing and be quick.</param>
    /// <param name="awaited">Whether the service is ready only afterwards; else the step begins when the service has started.</param>
    public static IServiceCollection AddWarmUp(
        this IServiceCollection services,
        Func<IServiceProvider, CancellationToken, Task> step,
        bool awaited = true
    )
    {
        services.AddSingleton(new Step(step, awaited));
        if (!services.Any(service => service.ImplementationType == typeof(Runner)))
            services.AddHostedService<Runner>();
        return services;
    }

    private sealed record Step(Func<IServiceProvider, CancellationToken, Task> Run, bool Awaited);

    /// <summary>Starts before the web server, which is registered last: health answers only afterwards.</summary>
    private sealed class Runner(IEnumerable<Step> steps, IServiceProvider services, ILogger<Runner> logger)
        : IHostedLifecycleService,
            IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private Task _late = Task.CompletedTask;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(Limit);
            await RunAllAsync(awaited: true, limited.Token);
        }

        public Task StartedAsync(CancellationToken cancellationToken)
        {
            _late = RunAllAsync(awaited: false, _stopping.Token);
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await _stopping.CancelAsync();
            await _late;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _stopping.Dispose();

        private Task RunAllAsync(bool awaited, CancellationToken cancellationToken) =>
            Task.WhenAll(
                steps
                    .Where(step => step.Awaited == awaited)
                    .Select(step => Task.Run(() => RunAsync(step, cancellationToken), CancellationToken.None))
            );

        private async Task RunAsync(Step step, CancellationToken cancellationToken)
        {
            try
            {
                await step.Run(services, cancellationToken).WaitAsync(cancellationToken);
            }
#pragma warning disable CA1031 // Warming up is a courtesy: whatever fails in it must not keep a service from starting.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Log.Cold(logger, fault.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A warm-up step did not finish ({Fault}); the first message may be slow.")]
        public static partial void Cold(ILogger logger, string fault);
    }
}
