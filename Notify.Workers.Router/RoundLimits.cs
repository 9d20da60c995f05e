namespace Notify.Workers.Router;

/// <summary>
/// How much one round takes on: what is read, held and produced at once has to fit into memory, and into a transaction that others wait
/// for.
/// </summary>
internal static class RoundLimits
{
    /// <summary>Rows of one transaction.</summary>
    public const int Rows = 5_000;

    /// <summary>
    /// Bytes of requests or records. In memory they take several times as much: as they came, as an object, as a record and in the client's
    /// queue.
    /// </summary>
    public const int Bytes = 16 * 1024 * 1024;

    /// <summary>Tenants that have their turn in one transaction.</summary>
    public const int Tenants = 100;
}
