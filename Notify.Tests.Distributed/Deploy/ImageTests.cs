using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>What deploy/build-images.sh makes, on a base image of our own: no registry and no container engine is needed.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task Every_service_of_the_manifest_becomes_an_image()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "deploy/build-images.sh is a script for bash.");
        await using var registry = await BaseImageRegistry.StartAsync();
        var folder = Directory.CreateTempSubdirectory("notify-images-");
        try
        {
            string[] arguments =
            [
                DeployFiles.BuildImages,
                "--archive",
                folder.FullName,
                "--registry",
                "registry.example.com/notify",
                "--tag",
                "1.2.3",
                "--base",
                registry.Image,
                "--configuration",
                Repository.Configuration,
                "--no-build",
            ];
            await ProgramRun.OutputOfAsync("bash", arguments, Repository.Root);

            var manifest = await AppHostManifest.GetAsync();
            var archives = folder.GetFiles("*.tar");
            Assert.Equal(
                manifest.Services.Where(service => service.Listens).Select(service => service.Name).Order(),
                archives.Select(file => Path.GetFileNameWithoutExtension(file.Name)).Order()
            );
            foreach (var archive in archives)
                await CheckAsync(archive);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CheckAsync(FileInfo archive)
    {
        var files = await ReadAsync(archive);
        using var index = JsonDocument.Parse(files["manifest.json"]);
        var image = index.RootElement[0];
        var service = Path.GetFileNameWithoutExtension(archive.Name);
        Assert.Equal($"registry.example.com/notify/{service}:1.2.3", image.GetProperty("RepoTags")[0].GetString());
        using var json = JsonDocument.Parse(files[image.GetProperty("Config").GetString()!]);
        var config = json.RootElement.GetProperty("config");
        Assert.Equal("1654", config.GetProperty("User").GetString());
        Assert.True(config.GetProperty("ExposedPorts").TryGetProperty("8080/tcp", out _));
        var entry = config.GetProperty("Entrypoint").EnumerateArray().Select(part => part.GetString()!).ToList();
        Assert.Equal("dotnet", entry[0]);
        var application = image.GetProperty("Layers").EnumerateArray().Last().GetString()!;
        Assert.Contains(entry[1].TrimStart('/'), NamesIn(files[application]));
    }

    private static async Task<Dictionary<string, byte[]>> ReadAsync(FileInfo archive)
    {
        var files = new Dictionary<string, byte[]>();
        await using var stream = archive.OpenRead();
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var content = new MemoryStream();
            if (entry.DataStream is { } data)
                await data.CopyToAsync(content);
            files[entry.Name] = content.ToArray();
        }
        return files;
    }

    private static List<string> NamesIn(byte[] layer)
    {
        var names = new List<string>();
        // A layer is packed, whatever its name in the archive says.
        using var content = new MemoryStream(layer);
        using Stream plain = layer is [0x1f, 0x8b, ..] ? new GZipStream(content, CompressionMode.Decompress) : content;
        using var tar = new TarReader(plain);
        while (tar.GetNextEntry() is { } entry)
            names.Add(entry.Name.TrimStart('.', '/'));
        return names;
    }
}
