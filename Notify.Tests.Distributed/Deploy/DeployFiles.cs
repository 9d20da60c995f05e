using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>Where the files of deploy/ are.</summary>
internal static class DeployFiles
{
    public static string Chart => Path.Combine(Folder, "helm", "notify");

    public static string FullValues => Path.Combine(Chart, "ci", "full-values.yaml");

    public static string Compose => Path.Combine(Folder, "compose", "compose.yaml");

    public static string ComposeSettings => Path.Combine(Folder, "compose", ".env.example");

    public static string BuildImages => Path.Combine(Folder, "build-images.sh");

    private static string Folder => Path.Combine(Repository.Root, "deploy");
}
