using System.Reflection;
using Notify.AppHost.Local;

namespace Notify.AppHost.Console;

/// <summary>What the host tells the person who started it: plain lines to read and to copy from, not a log. A host inside a test's process
/// says nothing.</summary>
internal static class HostConsole
{
    private static readonly Lock s_gate = new();

    /// <summary>Whether this process is the host, and not a test that has it inside.</summary>
    public static bool IsOurs { get; } = Assembly.GetEntryAssembly() == typeof(HostConsole).Assembly;

    public static void Say(string text) => Write(System.Console.Out, text);

    public static void Complain(string text) => Write(System.Console.Error, text);

    private static void Write(TextWriter writer, string text)
    {
        if (!IsOurs)
            return;
        try
        {
            lock (s_gate)
                writer.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal was closed; there is nobody to tell.
        }
    }

    /// <summary>What this machine lacks, or what another host has, is said in a sentence; a stack trace would only hide it.</summary>
    public static void ExplainRefusals()
    {
        if (!IsOurs)
            return;
        AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
        {
            if (thrown.ExceptionObject is not (MissingPieceException or DistributedApplicationException))
                return;
            Complain(((Exception)thrown.ExceptionObject).Message);
            Environment.Exit(1);
        };
    }
}
