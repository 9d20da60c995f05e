using System.Reflection;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Testing;

internal static class EntryPointThread
{
    /// <summary>The entry point blocks while the test drives, so it gets a thread of its own.</summary>
    public static void Start(EntryPointSession session, string[] args)
    {
        var entryPoint = session.Assembly.EntryPoint
            ?? throw new InvalidOperationException($"{session.Assembly.GetName().Name} has no entry point: name a type of an AppHost, such as Projects.My_AppHost.");
        var thread = new Thread(() => Run(session, entryPoint, args)) { IsBackground = true, Name = $"{session.Assembly.GetName().Name} entry point" };
        thread.Start();
    }

    private static void Run(EntryPointSession session, MethodInfo entryPoint, string[] args)
    {
        EntryPointSession.Current = session;
        try
        {
            entryPoint.Invoke(null, entryPoint.GetParameters().Length == 0 ? [] : [args]);
            session.Ended(null);
        }
        catch (TargetInvocationException failure)
        {
            session.Ended(failure.InnerException);
        }
    }
}
