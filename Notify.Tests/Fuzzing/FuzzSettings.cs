using System.Globalization;

namespace Notify.Tests.Fuzzing;

/// <summary>How much is tried: a few thousand mutations in a test run, or as many as <c>NOTIFY_FUZZ</c> says, from
/// <c>NOTIFY_FUZZ_SEED</c>.</summary>
internal static class FuzzSettings
{
    /// <summary>The same mutations in every run, so that a failure can be repeated.</summary>
    public static int Seed { get; } = Number("NOTIFY_FUZZ_SEED") ?? 14;

    /// <param name="usual">How many where nothing else is asked for.</param>
    public static int Count(int usual) => Number("NOTIFY_FUZZ") ?? usual;

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
