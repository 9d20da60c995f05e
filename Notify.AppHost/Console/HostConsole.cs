using System.Reflection;

namespace Notify.AppHost.Console;

/// <summary>What the host tells the person who started it: plain lines to read and to copy from, not a log. A host inside a test's process says nothing.</summary>
internal static class HostConsole
{
    private static readonly Lock s_gate = new();
    private static readonly bool s_isOurs = Assembly.GetEntryAssembly() == typeof(HostConsole).Assembly;

    public static void Say(string text)
    {
        if (!s_isOurs)
            return;
        lock (s_gate)
            System.Console.Out.WriteLine(text);
    }

    public static void Complain(string text)
    {
        if (!s_isOurs)
            return;
        lock (s_gate)
            System.Console.Error.WriteLine(text);
    }
}
