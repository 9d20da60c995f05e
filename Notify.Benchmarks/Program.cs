using System.Runtime.InteropServices;
using Notify.Benchmarks;
using Notify.Benchmarks.Parts;

if (args is [PartProgram.Verb, var part])
    return await PartProgram.RunAsync(part); // a scenario has started this program as a process of its own

BenchmarkOptions options;
try
{
    options = BenchmarkOptions.Parse(args);
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}{Environment.NewLine}{Environment.NewLine}{BenchmarkOptions.Usage}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await BenchmarkRun.RunAsync(options, TimeProvider.System, stop.Token);

// What was started is stopped in order; a second signal ends the process as usual.
void Stop(PosixSignalContext context)
{
    if (stop.IsCancellationRequested)
        return;
    context.Cancel = true;
    Console.Error.WriteLine("Stopping what was started…");
    stop.Cancel();
}
