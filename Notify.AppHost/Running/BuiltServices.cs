using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;

namespace Notify.AppHost.Running;

/// <summary>
/// Runs a service as the program that the build made. Aspire would start <c>dotnet run</c>, which stays beside the service as a second
/// process of some 70 MB, hides the service's own process id and exit code, and can outlive the host.
/// </summary>
internal static class BuiltServices
{
    public static void RunAsBuilt(this IDistributedApplicationBuilder builder)
    {
        // dotnet watch builds and starts the project itself, and an IDE that debugs it is asked by Aspire whatever stands here.
        if (!builder.ExecutionContext.IsRunMode || builder.Configuration.GetValue("DOTNET_WATCH", false))
            return;
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
        {
            var project = service.GetProjectMetadata().ProjectPath;
            var program = ProgramOf(project, AppContext.BaseDirectory);
            if (!File.Exists(program))
                continue;
            builder
                .CreateResourceBuilder(service)
                .WithAnnotation(new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(project)! })
                .WithEnvironment("DOTNET_ROOT", DotnetRoot); // a runtime that is not in the usual place is found by this
        }
    }

    /// <param name="project">The project file.</param>
    /// <param name="output">The folder of a program of the same build, such as <c>Notify.AppHost/bin/Debug/net10.0/</c>; the service's is
    /// in the same place below its own project.</param>
    internal static string ProgramOf(string project, string output)
    {
        var folder = Path.TrimEndingDirectorySeparator(output);
        var below = Path.GetRelativePath(Path.GetFullPath(Path.Combine(folder, "..", "..", "..")), folder);
        var name = Path.GetFileNameWithoutExtension(project) + (OperatingSystem.IsWindows() ? ".exe" : "");
        return Path.Combine(Path.GetDirectoryName(project)!, below, name);
    }

    /// <summary>The folder of the <c>dotnet</c> that this host runs on: <c>shared/Microsoft.NETCore.App/10.0.0/</c> lies below
    /// it.</summary>
    public static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
