using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Kafka;

namespace Notify.Tests.Distributed.AppHost.Local.Kafka;

/// <summary>Against a file server on loopback that offers a tiny archive of the distribution's shape.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KafkaDownloadTests : IAsyncLifetime
{
    private const string Name = "kafka_2.13-0.0.1";
    private readonly ServerFolders _folders = new();
    private readonly byte[] _archive = Archive();
    private WebApplication? _files;
    private string? _digestFile;
    private int _requests;

    private string Digest => Convert.ToHexString(SHA512.HashData(_archive));
    private string Url =>
        $"{_files!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/dist/{Name}.tgz";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _files = builder.Build();
        _files.MapGet($"/dist/{Name}.tgz", () =>
        {
            Interlocked.Increment(ref _requests);
            return Results.Bytes(_archive);
        });
        _files.MapGet($"/dist/{Name}.tgz.sha512", () => _digestFile is null ? Results.NotFound() : Results.Text(_digestFile));
        await _files.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _files!.DisposeAsync();
        await _folders.DisposeAsync();
    }

    [Fact]
    public async Task Archive_with_the_configured_digest_is_unpacked_once()
    {
        var homes = await Task.WhenAll(EnsureAsync(Digest), EnsureAsync(Digest.ToLowerInvariant()));
        var again = await EnsureAsync(Digest);

        Assert.All(homes.Append(again), home => Assert.Equal(Path.Combine(_folders.ToolsFolder, Name), home));
        Assert.Equal(1, _requests);
        Assert.True(File.GetUnixFileMode(Path.Combine(again, "bin", "kafka-server-start.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(Directory.Exists($"{again}.new"));
    }

    [Theory]
    [InlineData("{0}  kafka_2.13-0.0.1.tgz\n")]
    [InlineData("kafka_2.13-0.0.1.tgz: {0}\n")]
    public async Task Digest_is_else_taken_from_the_file_beside_the_archive(string form)
    {
        _digestFile = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Digest);

        Assert.True(Directory.Exists(await EnsureAsync(null)));
    }

    [Fact]
    public async Task Archive_with_another_digest_is_refused_and_deleted()
    {
        var refused = await Assert.ThrowsAsync<MissingPieceException>(() => EnsureAsync(new string('A', 128)));

        Assert.Contains(Digest, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folders.ToolsFolder));
    }

    [Theory]
    [InlineData("not a digest")]
    [InlineData("")]
    public async Task Without_a_digest_nothing_is_fetched(string text)
    {
        _digestFile = text.Length == 0 ? null : text;

        await Assert.ThrowsAsync<MissingPieceException>(() => EnsureAsync(null));

        Assert.Equal(0, _requests);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("kafka.tgz")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task Address_that_names_no_archive_is_refused(string url) =>
        await Assert.ThrowsAsync<MissingPieceException>(() =>
            KafkaDownload.EnsureAsync(_folders.Context(0, ("Kafka:DownloadUrl", url)), TestContext.Current.CancellationToken)
        );

    [Fact]
    public void Digest_in_groups_over_several_lines_is_read()
    {
        var text = new StringBuilder($"{Name}.tgz: ");
        for (var i = 0; i < Digest.Length; i += 8)
            text.Append(Digest.AsSpan(i, 8)).Append(i % 32 == 24 ? "\n   " : " ");

        Assert.Equal(Digest, KafkaDownload.Digest(text.ToString()));
    }

    private Task<string> EnsureAsync(string? digest) =>
        KafkaDownload.EnsureAsync(
            _folders.Context(
                0,
                [("Kafka:DownloadUrl", Url), .. digest is null ? Array.Empty<(string, string)>() : [("Kafka:DownloadSha512", digest)]]
            ),
            TestContext.Current.CancellationToken
        );

    private static byte[] Archive()
    {
        using var packed = new MemoryStream();
        using (var compressed = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(compressed))
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, $"{Name}/bin/kafka-server-start.sh")
                {
                    DataStream = new MemoryStream("#!/bin/sh\n"u8.ToArray()),
                    Mode = (UnixFileMode)0b111_101_101,
                }
            );
        }
        return packed.ToArray();
    }
}
