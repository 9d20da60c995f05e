using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Notify.Core.Hosting;

/// <summary>
/// Does once, before the service says that it is ready, what would otherwise make the first message slow: models are built, statements prepared,
/// code compiled, connections opened. What fails here fails no start; it is tried again by the work itself.
/// </summary>
public static partial class WarmUp
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Adds a step; all steps of a service run side by side.</summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="step">Must change nothing and be quick.</param>
    public static IServiceCollection AddWarmUp(this IServiceCollection services, Func<IServiceProvider, CancellationToken, Task> step)
    {
        services.AddSingleton(new Step(step));
        if (!services.Any(service => service.ImplementationType == typeof(Runner)))
            services.AddHostedService<Runner>();
        return services;
    }

    private sealed record Step(Func<IServiceProvider, CancellationToken, Task> Run);

    /// <summary>Starts before the web server, which is registered last: health answers only afterwards.</summary>
    private sealed class Runner(IEnumerable<Step> steps, IServiceProvider services, ILogger<Runner> logger) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(Limit);
            await Task.WhenAll(steps.Select(step => Task.Run(() => RunAsync(step, limited.Token), CancellationToken.None)));
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
