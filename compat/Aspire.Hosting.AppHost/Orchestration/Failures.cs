using System.ComponentModel;
using Aspire.Hosting.Local;

namespace Aspire.Hosting.Orchestration;

internal static class Failures
{
    /// <summary>What to tell a person: our own messages as they are, with a stack trace only what nobody foresaw.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        MissingPieceException or DistributedApplicationException => failure.Message,
        Win32Exception or IOException or UnauthorizedAccessException => $"It could not be started: {failure.Message}",
        _ => $"It could not be started: {failure}",
    };
}
