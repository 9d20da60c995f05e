using System.Collections;
using Aspire.Hosting.Local;

if (args is ["migrate"])
    return int.Parse(Environment.GetEnvironmentVariable("PROBE_EXIT") ?? "0", System.Globalization.CultureInfo.InvariantCulture);

if (args is ["host", ..])
{
    // A service, and a shell whose own child ignores the stop signal.
    var host = DistributedApplication.CreateBuilder(args[1..]);
    host.AddProject<Probe>("probe", options => options.ExcludeLaunchProfile = true).WithHttpEndpoint().WithHttpHealthCheck("/health");
    host.AddExecutable("shell", "sh", ".", "-c", "(trap '' TERM; echo grandchild $(sh -c 'echo $PPID'); while :; do sleep 1; done) & wait");
    host.Build().Run();
    return Environment.ExitCode;
}

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health", () => Environment.GetEnvironmentVariable("PROBE_UNHEALTHY") is null ? Results.Ok() : Results.StatusCode(503));
app.MapGet("/env", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value));
app.MapGet("/args", () => args);
app.MapGet("/pid", () => Environment.ProcessId);
app.MapGet("/crash", () => Environment.Exit(3));
app.Run();
return 0;

internal sealed class Probe : IProjectMetadata, IBuiltProject
{
    public string ProjectPath => Path.Combine(AppContext.BaseDirectory, "Probe.csproj");
    public string AssemblyPath => typeof(Probe).Assembly.Location;
}
