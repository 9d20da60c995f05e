using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost.Local.Kafka;

/// <summary>
/// Fetches the Apache release that the user asked for with <c>Kafka:Download=true</c>, once. <c>Kafka:DownloadUrl</c> names another archive
/// or mirror of it; its SHA-512 is then <c>Kafka:DownloadSha512</c>, else that in the file of the same address with <c>.sha512</c>
/// appended.
/// </summary>
internal static partial class KafkaDownload
{
    public const string Version = "4.2.1";
    private const string ReleaseUrl = $"https://archive.apache.org/dist/kafka/{Version}/kafka_2.13-{Version}.tgz";

    // As Apache publishes it beside the archive.
    private const string ReleaseSha512 =
        "F643E31266268E920AA98EAD9A061026C98DAC2886932AD468565BA59BCB7FB4F98A4C4F62727367E1BD87515F3B016E6F6CCCCAD8B12BDEF8B091B0FB577170";

    /// <returns>The folder of the unpacked distribution.</returns>
    public static async Task<string> EnsureAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var url = context.Configuration["Kafka:DownloadUrl"] is { Length: > 0 } given ? given : ReleaseUrl;
        var name = FolderName(url);
        var home = Path.Combine(context.ToolsFolder, name);
        if (Directory.Exists(home))
            return home;
        using var alone = await InstallLock.AcquireAsync(context.ToolsFolder, name, cancellationToken);
        if (Directory.Exists(home))
            return home;
        context.Logger.LogInformation("Fetching {Url} into {Folder} (once, as asked).", url, home);
        var fresh = $"{home}.new";
        if (Directory.Exists(fresh))
            Directory.Delete(fresh, recursive: true);
        Directory.CreateDirectory(fresh);
        try
        {
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan }; // a slow line may take long; the user's token ends it
            var expected = await ExpectedAsync(http, url, context, cancellationToken);
            var archive = Path.Combine(fresh, "archive.tgz");
            await FetchAsync(http, url, archive, cancellationToken);
            await VerifyAsync(archive, expected, url, cancellationToken);
            var unpacked = await UnpackAsync(archive, fresh, url, cancellationToken);
            Directory.Move(unpacked, home);
        }
        catch (HttpRequestException failed)
        {
            throw new MissingPieceException(
                $"Kafka could not be fetched from {url}: {failed.Message}. Check the network, name a mirror with Kafka:DownloadUrl, or unpack a release yourself and set KAFKA_HOME."
            );
        }
        finally
        {
            Directory.Delete(fresh, recursive: true);
        }
        return home;
    }

    private static string FolderName(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new MissingPieceException($"Kafka:DownloadUrl is '{url}'; it must be the http(s) address of a Kafka .tgz.");
        var name = Path.GetFileNameWithoutExtension(address.LocalPath);
        return SafeName().IsMatch(name)
            ? name
            : throw new MissingPieceException(
                $"Kafka:DownloadUrl is '{url}'; its last part must be a file name such as kafka_2.13-{Version}.tgz."
            );
    }

    private static async Task<string> ExpectedAsync(
        HttpClient http,
        string url,
        LocalServerContext context,
        CancellationToken cancellationToken
    )
    {
        var configured = context.Configuration["Kafka:DownloadSha512"];
        if (string.IsNullOrWhiteSpace(configured) && url == ReleaseUrl)
            return ReleaseSha512;
        var (text, source) = string.IsNullOrWhiteSpace(configured)
            ? (await http.GetStringAsync($"{url}.sha512", cancellationToken), $"{url}.sha512")
            : (configured, "Kafka:DownloadSha512");
        return Digest(text) ?? throw new MissingPieceException($"{source} holds no SHA-512: 128 hexadecimal digits are expected.");
    }

    /// <summary>Both forms in use: <c>digest  name</c>, and <c>name: 16CE46E5 90BA915F …</c> over several lines.</summary>
    internal static string? Digest(string text)
    {
        var compact = Spaces().Replace(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..], "");
        return HexDigest().Match(compact) is { Success: true } match ? match.Value.ToUpperInvariant() : null;
    }

    private static async Task FetchAsync(HttpClient http, string url, string file, CancellationToken cancellationToken)
    {
        await using var source = await http.GetStreamAsync(url, cancellationToken);
        await using var target = File.Create(file);
        await source.CopyToAsync(target, cancellationToken);
    }

    private static async Task VerifyAsync(string file, string expected, string url, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        var actual = Convert.ToHexString(await SHA512.HashDataAsync(content, cancellationToken));
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase))
            throw new MissingPieceException(
                $"What {url} gave is not the expected archive: its SHA-512 is {actual}, expected is {expected}. It was deleted; try again, or correct Kafka:DownloadSha512."
            );
    }

    private static async Task<string> UnpackAsync(string archive, string folder, string url, CancellationToken cancellationToken)
    {
        var contents = Directory.CreateDirectory(Path.Combine(folder, "contents")).FullName;
        await using (var packed = File.OpenRead(archive))
        await using (var plain = new GZipStream(packed, CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(plain, contents, overwriteFiles: false, cancellationToken);
        return Directory.GetDirectories(contents) is [var single]
            ? single
            : throw new MissingPieceException($"The archive from {url} is no Kafka distribution: one folder at its top is expected.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex SafeName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("^[0-9A-Fa-f]{128}")]
    private static partial Regex HexDigest();
}
