using System.Runtime.Versioning;
using Notify.AppHost.Local;
using Notify.AppHost.Local.Postgres;

namespace Notify.Tests.Distributed.AppHost.Local.Postgres;

/// <summary>Against a stand-in for apt-get that writes down how it was called and what the cluster settings were then.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresInstallationTests : IAsyncLifetime
{
    private readonly ServerFolders _folders = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _folders.DisposeAsync();

    [Fact]
    public async Task System_server_is_not_set_up_and_the_setting_is_put_back()
    {
        var calls = await InstallAsync("""case "$*" in *" postgresql-common") echo "#create_main_cluster = true" > "$conf";; esac""");

        Assert.Equal(2, calls.Count);
        Assert.DoesNotContain("\ncreate_main_cluster = false", calls[0], StringComparison.Ordinal);
        Assert.EndsWith(" postgresql", calls[1].Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("create_main_cluster = false", calls[1], StringComparison.Ordinal);
        Assert.Equal("#create_main_cluster = true\n", await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Failed_installation_says_what_apt_get_said()
    {
        await File.WriteAllTextAsync(Settings, "", TestContext.Current.CancellationToken);

        var missing = await Assert.ThrowsAsync<MissingPieceException>(() =>
            InstallAsync("""case "$*" in *" postgresql") echo "E: no room"; exit 100;; esac""")
        );

        Assert.Contains("E: no room", missing.Message, StringComparison.Ordinal);
        Assert.Equal("", await File.ReadAllTextAsync(Settings, TestContext.Current.CancellationToken));
    }

    private string Settings => Path.Combine(_folders.DataFolder, "createcluster.conf");

    private async Task<IReadOnlyList<string>> InstallAsync(string behaviour)
    {
        var apt = Path.Combine(_folders.DataFolder, "apt-get");
        var calls = Path.Combine(_folders.DataFolder, "calls");
        await File.WriteAllTextAsync(
            apt,
            $"#!/bin/sh\nconf='{Settings}'\n{{ echo \"$*\"; cat \"$conf\" 2>/dev/null; echo ---; }} >> '{calls}'\n{behaviour}\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(apt, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await PostgresInstallation.InstallAsync(apt, Settings, _folders.Context(), TestContext.Current.CancellationToken);
        return (await File.ReadAllTextAsync(calls, TestContext.Current.CancellationToken)).Split(
            "---\n",
            StringSplitOptions.RemoveEmptyEntries
        );
    }
}
