using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Running;

/// <summary>Keeps the dashboard running: starts it, says when it answers, and starts it again when it ends.</summary>
internal sealed class DashboardRunner(
    DashboardSettings settings, IReadOnlyDictionary<string, string> environment, string logFile, TimeProvider time, ILogger logger)
{
    /// <summary>Runs in a row shorter than <see cref="ShortRun"/> before it is given up.</summary>
    private const int MostFailures = 6;

    private static readonly TimeSpan ShortRun = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <param name="program">The dashboard's program.</param>
    /// <param name="onAnswer">Called once, when it answers for the first time.</param>
    /// <param name="cancellationToken">Ends the dashboard.</param>
    public async Task RunAsync(string program, Action onAnswer, CancellationToken cancellationToken)
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(logFile, append: false) { AutoFlush = true });
        var (failures, announced) = (0, false);
        while (true)
        {
            var started = time.GetTimestamp();
            await using var dashboard = DashboardProcess.Start(program, environment, log);
            var exit = dashboard.WaitForExitAsync(cancellationToken);
            if (await AnswersAsync(exit, cancellationToken) && !announced)
            {
                onAnswer();
                announced = true;
            }

            var exitCode = await exit;
            failures = time.GetElapsedTime(started) < ShortRun ? failures + 1 : 1;
            if (failures >= MostFailures)
            {
                logger.LogError("The dashboard does not stay up (exit code {ExitCode}); the application runs on without it. Its output is in {LogFile}, last: {Output}",
                    exitCode, logFile, dashboard.LastOutput);
                return;
            }

            var pause = Pause(failures);
            logger.LogWarning("The dashboard ended with exit code {ExitCode} and is started again in {Seconds} s. Its output is in {LogFile}.",
                exitCode, pause.TotalSeconds, logFile);
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    internal static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(FirstPause.TotalSeconds * Math.Pow(2, failures - 1), LongestPause.TotalSeconds));

    /// <summary>True once its pages answer; false if it ends before.</summary>
    private async Task<bool> AnswersAsync(Task exit, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!exit.IsCompleted)
        {
            try
            {
                using var response = await client.GetAsync(new Uri(settings.FrontendUrl, "/login"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Poll, time, cancellationToken);   // not listening yet
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Poll, time, cancellationToken);   // listening, but slow to answer the first time
            }
        }

        return false;
    }
}
