namespace Notify.Benchmarks.Running;

/// <summary>The Api as a process of its own, so that what it allocates is known, and with a broker of the scenario's choice.</summary>
internal static class ApiProcess
{
    /// <summary>Ends when it takes requests.</summary>
    /// <param name="system">Its servers.</param>
    /// <param name="kafka">Where it finds the broker.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<ServiceProcess> StartAsync(NotifySystem system, string kafka, CancellationToken cancellationToken)
    {
        var api = ServiceProcess.Start(
            system,
            Services.Api,
            new Dictionary<string, string>(NotifySystem.Unlimited) { ["ConnectionStrings__kafka"] = kafka }
        );
        try
        {
            await api.HealthyAsync(cancellationToken);
            return api;
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }
    }
}
