namespace Notify.Tests.Support;

/// <summary>The clone that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>bin/&lt;configuration&gt;/&lt;framework&gt; of the test project that runs.</summary>
    private static readonly DirectoryInfo s_output = new(AppContext.BaseDirectory.TrimEnd('/'));

    public static string Root => s_output.Parent!.Parent!.Parent!.Parent!.FullName;

    public static string Configuration => s_output.Parent!.Name;

    /// <summary>Programs that tests install once.</summary>
    public static string Tools => Path.Combine(Root, "artifacts", "tools");

    /// <summary>The path of a file that the build of a project made, in the configuration of the tests.</summary>
    /// <param name="project">The project's folder, seen from the root.</param>
    /// <param name="file">Such as <c>Notify.AppHost.dll</c>.</param>
    public static string Built(string project, string file) => Path.Combine(Root, project, "bin", Configuration, s_output.Name, file);
}
