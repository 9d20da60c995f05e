using Aspire.Hosting;
using Aspire.Hosting.Local;

namespace Notify.Tests.StandIns.Hosting;

/// <summary>The small web application in Probe/, built beside the tests.</summary>
internal sealed class ProbeProject : IProjectMetadata, IBuiltProject
{
    private static readonly DirectoryInfo s_output = new(AppContext.BaseDirectory.TrimEnd('/'));   // bin/<configuration>/<framework>

    public string ProjectPath => Path.Combine(Folder, "Probe.csproj");
    public string AssemblyPath => Path.Combine(Folder, "bin", s_output.Parent!.Name, s_output.Name, "Probe.dll");
    private static string Folder => Path.Combine(s_output.Parent!.Parent!.Parent!.FullName, "StandIns", "Hosting", "Probe");
}
