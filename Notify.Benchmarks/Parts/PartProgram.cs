using System.Globalization;

namespace Notify.Benchmarks.Parts;

/// <summary>
/// What this program does when a scenario starts it once more, as a process of its own, so that its processor time and its memory can be
/// told from those of the load and the sinks. Its settings are in the environment.
/// </summary>
internal static class PartProgram
{
    /// <summary>The first argument; the part's name is the second.</summary>
    public const string Verb = "part";

    public const string IdleWorker = "idle-worker";
    public const string BareMail = "bare-mail";
    public const string BarePush = "bare-push";
    public const string BareSdk = "bare-sdk";

    public static async Task<int> RunAsync(string part)
    {
        switch (part)
        {
            case IdleWorker:
                return Parts.IdleWorker.Run();
            case BareMail:
                await BareMailLoop.RunAsync();
                return 0;
            case BarePush:
                await BarePushLoop.RunAsync(BarePushLoop.OverHttp);
                return 0;
            case BareSdk:
                await BarePushLoop.RunAsync(BarePushLoop.OverSdk);
                return 0;
            default:
                throw new UsageException($"There is no part {part}.");
        }
    }

    public static string Setting(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new UsageException($"The part needs {name} in its environment.");

    public static int Number(string name) => int.Parse(Setting(name), CultureInfo.InvariantCulture);
}
