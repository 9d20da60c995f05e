using System.Globalization;

namespace Notify.Tests.Distributed.Faults;

/// <summary>What a run takes from the environment; the defaults are those of an ordinary test run.</summary>
internal static class FaultSettings
{
    private const int DefaultSeed = 17;

    /// <summary>Every fault, not only the quick ones.</summary>
    public static bool All => Text("NOTIFY_FAULTS") == "all";

    /// <summary>Long faults at their full length instead of scaled.</summary>
    public static bool Full => Text("NOTIFY_FAULT_FULL") == "1";

    /// <summary>Of everything that is drawn: moments, victims, the mix of messages.</summary>
    public static int Seed => Number("NOTIFY_FAULT_SEED") ?? DefaultSeed;

    /// <summary>Messages of a run; each fault has its own small number where this is not set.</summary>
    public static int? Count => Number("NOTIFY_FAULT_COUNT");

    /// <summary>A file to which each run appends one line of JSON.</summary>
    public static string? Log => Text("NOTIFY_FAULT_LOG");

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
