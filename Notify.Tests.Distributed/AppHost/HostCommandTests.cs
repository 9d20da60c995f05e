using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Notify.Tests.Distributed.AppHost;

/// <summary>What a person types beside a running host.</summary>
[Trait(NotifyApp.Needs, NotifyApp.Application)]
[Collection(nameof(CrashTests))]
public sealed class HostCommandTests(HostCommandTests.RunningHost running) : IClassFixture<HostCommandTests.RunningHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_shows_the_running_host_and_keys_create_finds_its_database()
    {
        var host = running.Host;

        var info = await AppHostProcess.RunAsync(AppHostProcess.Program, ["info"], Cancel);
        Assert.Equal(0, info.Code);
        Assert.Contains(host.Api.ToString().TrimEnd('/'), info.Output, StringComparison.Ordinal);
        Assert.Contains("Database=notifydb", info.Output, StringComparison.Ordinal);
        Assert.Contains(host.Folder, info.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Password=", host.Output, StringComparison.Ordinal);

        var program = AppHostProcess.Program.Replace("Notify.AppHost", "Notify.Api", StringComparison.Ordinal);
        var created = await AppHostProcess.RunAsync(program, ["keys", "create", "--tenant", "acme", "--scopes", "send,read"], Cancel);
        Assert.True(created.Code == 0, created.Errors);
        using var api = new HttpClient { BaseAddress = host.Api };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Output.Trim());
        using var accepted = await api.PostAsJsonAsync("/v1/notifications", Requests.Email(Requests.NewEmail()), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
    }

    [Fact]
    public async Task A_second_host_on_the_same_data_folder_is_refused_in_one_sentence()
    {
        var host = running.Host;

        var second = await AppHostProcess.RunAsync(AppHostProcess.Program, ["--data", host.Folder], Cancel);

        Assert.Equal(1, second.Code);
        Assert.Contains("is in use by process", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal); // no stack trace
    }

    /// <summary>A host beside which the commands are typed.</summary>
    public sealed class RunningHost : IAsyncLifetime
    {
        internal AppHostProcess Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await AppHostProcess.StartAsync(Cancel);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
