namespace Notify.Tests.Deploy;

/// <summary>Where the files of deploy/ are, seen from the tests' output.</summary>
internal static class DeployFiles
{
    /// <summary>Notify.Tests/bin/&lt;configuration&gt;/&lt;framework&gt;.</summary>
    private static readonly DirectoryInfo s_output = new(AppContext.BaseDirectory.TrimEnd('/'));

    public static string Configuration => s_output.Parent!.Name;

    public static string Repository => s_output.Parent!.Parent!.Parent!.Parent!.FullName;

    public static string AppHost => Path.Combine(Repository, "Notify.AppHost", "bin", Configuration, s_output.Name, "Notify.AppHost.dll");

    public static string Chart => Path.Combine(Repository, "deploy", "helm", "notify");

    public static string FullValues => Path.Combine(Chart, "ci", "full-values.yaml");

    public static string Compose => Path.Combine(Repository, "deploy", "compose", "compose.yaml");

    public static string ComposeSettings => Path.Combine(Repository, "deploy", "compose", ".env.example");

    public static string BuildImages => Path.Combine(Repository, "deploy", "build-images.sh");

    public static string Tools => Path.Combine(Repository, "artifacts", "tools");
}
