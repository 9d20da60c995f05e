using System.Net;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Running;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.StandIns.Dashboard.Running;

public sealed class DashboardRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("notify-dashboard-").FullName;
    private readonly RecordingLogger _logger = new();
    private readonly HurriedTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_that_keeps_failing_is_given_up_and_its_output_shown()
    {
        var program = ProgramFile.Write(Path.Combine(_folder, "program"), $"echo run >> '{_folder}/runs'; echo 'port taken' >&2; exit 102");

        await Runner(new Uri("http://localhost:1")).RunAsync(program, () => Assert.Fail("It never answered."), Cancel);

        Assert.Equal(6, (await File.ReadAllLinesAsync(Path.Combine(_folder, "runs"), Cancel)).Length);
        Assert.Contains("102", _logger.Entries[^1].Text, StringComparison.Ordinal);
        Assert.Contains("port taken", _logger.Entries[^1].Text, StringComparison.Ordinal);
        Assert.Equal(6, (await File.ReadAllLinesAsync(Path.Combine(_folder, "dashboard.log"), Cancel)).Count(line => line == "port taken"));
        Assert.Equal([1.0, 2, 4, 8, 16], _time.Pauses.Where(pause => pause >= TimeSpan.FromSeconds(1)).Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task It_is_said_once_when_it_answers_and_restarted_when_it_ends()
    {
        using var pages = new HttpListener();
        int port;
        using (var reservation = PortReservation.Take(0))
            port = reservation.Port;
        pages.Prefixes.Add($"http://localhost:{port}/");
        pages.Start();
        var serving = ServeAsync(pages);
        var program = ProgramFile.Write(Path.Combine(_folder, "program"), $"echo run >> '{_folder}/runs'; while [ -f '{_folder}/stay' ]; do sleep 0.1; done; exit 0");
        await File.WriteAllTextAsync(Path.Combine(_folder, "stay"), "", Cancel);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = 0;

        var running = Runner(new Uri($"http://localhost:{port}")).RunAsync(program, () => { answers++; answered.TrySetResult(); }, Cancel);
        await answered.Task.WaitAsync(Cancel);
        File.Delete(Path.Combine(_folder, "stay"));
        await running;   // given up in the end, as the runs are all short

        Assert.Equal(1, answers);
        Assert.Equal(6, (await File.ReadAllLinesAsync(Path.Combine(_folder, "runs"), Cancel)).Length);
        Assert.False(serving.IsCompleted);   // it answered to the end
        pages.Stop();
        await serving;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(2000, 30)]
    public void Pauses_double_up_to_half_a_minute(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DashboardRunner.Pause(failures));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DashboardRunner Runner(Uri frontend)
    {
        var settings = new DashboardSettings
        {
            Enabled = true,
            FrontendUrl = frontend,
            FrontendBinding = frontend.ToString(),
            BrowserToken = "token",
            OtlpGrpcEndpoint = frontend,
            OtlpHttpEndpoint = frontend,
            OtlpApiKey = "key",
        };
        var environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };
        return new DashboardRunner(settings, environment, Path.Combine(_folder, "dashboard.log"), _time, _logger);
    }

    private static async Task ServeAsync(HttpListener pages)
    {
        try
        {
            while (true)
            {
                var asked = await pages.GetContextAsync();
                try
                {
                    asked.Response.Close();
                }
                catch (HttpListenerException)
                {
                    // Whoever asked did not wait for the answer: the runner's patience is in hurried time.
                }
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or InvalidOperationException)
        {
            // It was stopped. It may still call itself listening then.
        }
    }

    /// <summary>Notes every wait and does not wait.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private readonly Lock _gate = new();

        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
                Pauses.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<(LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception)));
    }
}
