using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Notify.AppHost.Local.Kafka;

/// <summary>The Java that Kafka's scripts will take: that of JAVA_HOME, else the one on PATH.</summary>
internal static partial class JavaRuntime
{
    private const int Oldest = 17;

    /// <exception cref="MissingPieceException">There is none, or one too old for Kafka 4.</exception>
    public static async Task RequireAsync(CancellationToken cancellationToken)
    {
        var home = Environment.GetEnvironmentVariable("JAVA_HOME");
        var java = string.IsNullOrEmpty(home) ? "java" : Path.Combine(home, "bin", "java");
        LocalCommandResult answer;
        try
        {
            answer = await LocalCommand.RunAsync(java, ["-version"], cancellationToken);
        }
        catch (Win32Exception)
        {
            throw new MissingPieceException(
                $"Kafka needs Java {Oldest} or later and '{java}' cannot be run. Install it (apt-get install openjdk-17-jre-headless, brew install openjdk) or correct JAVA_HOME."
            );
        }
        if (!answer.Succeeded || MajorVersion(answer.Output) is not { } version)
            throw new MissingPieceException(
                $"Kafka needs Java {Oldest} or later and '{java} -version' did not name its version: {answer.Output}"
            );
        if (version < Oldest)
            throw new MissingPieceException(
                $"Kafka needs Java {Oldest} or later and '{java}' is Java {version}. Install a newer one (apt-get install openjdk-17-jre-headless, brew install openjdk) or point JAVA_HOME to it."
            );
    }

    /// <param name="text">As <c>java -version</c> prints it: <c>openjdk version "17.0.15" 2025-04-15</c>, of old <c>java version
    /// "1.8.0_392"</c>.</param>
    internal static int? MajorVersion(string text) =>
        Version().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("""version "(?:1\.)?(\d+)""")]
    private static partial Regex Version();
}
