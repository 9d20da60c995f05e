using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default) where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class =>
        RunAsync(typeof(TEntryPoint), args, cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, CancellationToken cancellationToken = default) =>
        RunAsync(entryPoint, [], cancellationToken);

    /// <summary>Runs the entry point of the type's assembly in this process, up to where it builds the application.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        RunAsync(entryPoint, args, cancellationToken);

    private static async Task<IDistributedApplicationTestingBuilder> RunAsync(Type entryPoint, string[] args, CancellationToken cancellationToken)
    {
        var session = new EntryPointSession(entryPoint.Assembly, options => options.DisableDashboard = true);
        EntryPointThread.Start(session, args);
        var builder = await session.Building.WaitAsync(cancellationToken);
        return new TestingBuilder(session, builder);
    }

    /// <summary>A builder without an AppHost behind it, for a model that the test itself makes.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var session = new EntryPointSession(System.Reflection.Assembly.GetCallingAssembly(), options => options.DisableDashboard = true);
        EntryPointSession.Current = session;
        try
        {
            return new TestingBuilder(session, new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args })) { BuildsItself = true };
        }
        finally
        {
            EntryPointSession.Current = null;
        }
    }
}
