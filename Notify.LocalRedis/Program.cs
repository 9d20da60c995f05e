using System.Runtime.InteropServices;
using Garnet;

// A cache on 127.0.0.1 that speaks Redis' protocol, for a machine without a container engine. It keeps nothing between runs.
// Without the transaction mode Garnet runs scripts of several connections at once, and their reads and writes interleave: Redis never does.
using var server = new GarnetServer([
    "--port",
    args[0],
    "--bind",
    "127.0.0.1",
    "--lua",
    "--lua-transaction-mode",
    "--memory",
    "256m",
    "--page",
    "4m",
    "--index",
    "16m",
]);
using var stop = new ManualResetEventSlim();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
server.Start();
stop.Wait();

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Set();
}
