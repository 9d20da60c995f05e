using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.Distributed.Deploy;

/// <summary>
/// A registry on loopback with one base image of a single small file, so that images can be built where no registry is reached.
/// </summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string ConfigType = "application/vnd.docker.container.image.v1+json";
    private const string LayerType = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly WebApplication _server;

    private BaseImageRegistry(WebApplication server) => _server = server;

    public string Image { get; private set; } = "";

    public static async Task<BaseImageRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var registry = new BaseImageRegistry(builder.Build());
        registry._server.Urls.Add("http://127.0.0.1:0");
        var manifest = registry.AddImage();
        registry._server.MapGet("/v2/", () => Results.Ok());
        registry._server.MapGet("/v2/base/manifests/{reference}", (HttpContext context) =>
        {
            context.Response.Headers["Docker-Content-Digest"] = DigestOf(manifest);
            return Results.Bytes(manifest, ManifestType);
        });
        registry._server.MapGet("/v2/base/blobs/{digest}", (string digest) =>
            registry._blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob, "application/octet-stream") : Results.NotFound()
        );
        await registry._server.StartAsync();
        var address = registry._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        registry.Image = $"localhost:{new Uri(address).Port}/base:1";
        return registry;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private byte[] AddImage()
    {
        using var files = new MemoryStream();
        using (var tar = new TarWriter(files, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/base") { DataStream = new MemoryStream("base"u8.ToArray()) });
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(files.ToArray());
        var layer = packed.ToArray();
        var config = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                architecture = "amd64",
                os = "linux",
                created = "2026-01-01T00:00:00Z",
                config = new { Env = new[] { "PATH=/usr/bin", "APP_UID=1654" } },
                rootfs = new { type = "layers", diff_ids = new[] { DigestOf(files.ToArray()) } },
                history = new[] { new { created = "2026-01-01T00:00:00Z", created_by = "test" } },
            }
        );
        _blobs[DigestOf(layer)] = layer;
        _blobs[DigestOf(config)] = config;
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                schemaVersion = 2,
                mediaType = ManifestType,
                config = new
                {
                    mediaType = ConfigType,
                    size = config.Length,
                    digest = DigestOf(config),
                },
                layers = new[]
                {
                    new
                    {
                        mediaType = LayerType,
                        size = layer.Length,
                        digest = DigestOf(layer),
                    },
                },
            }
        );
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
