using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;
using Notify.Workers.Push;
using Notify.Workers.Push.Apns;
using Notify.Workers.Push.Fcm;

namespace Notify.Tests.Workers.Push;

public sealed class PushRegistrationTests
{
    private static Dictionary<string, string?> Fcm =>
        new()
        {
            ["Push:Fcm:ProjectId"] = "demo-project",
            ["Push:Fcm:Credentials"] = ServiceAccount.Json(new Uri("http://127.0.0.1:1/token")),
            ["Push:Fcm:Endpoint"] = "http://127.0.0.1:1",
        };

    private static Dictionary<string, string?> Apns =>
        new()
        {
            ["Push:Apns:TeamId"] = "TEAM123456",
            ["Push:Apns:KeyId"] = "KEY1234567",
            ["Push:Apns:PrivateKey"] = SigningKey.Pem.Replace("\n", "\\n"),
            ["Push:Apns:Topic"] = "com.example.app",
        };

    [Fact]
    public async Task Nothing_configured_means_no_provider_and_no_complaint()
    {
        using var host = Build([]);
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Empty(host.Services.GetServices<IProvider<PushMessage>>());
    }

    [Fact]
    public async Task Configured_providers_are_there_in_their_order()
    {
        using var host = Build(Fcm.Concat(Apns));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["fcm", "apns"], host.Services.GetServices<IProvider<PushMessage>>().Select(provider => provider.Name));
    }

    [Fact]
    public async Task Limits_are_Googles_quota_and_none_for_APNs()
    {
        using var host = Build(Fcm.Concat(Apns));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [new RateLimit(10_000, 10_000), null],
            host.Services.GetServices<IProvider<PushMessage>>().Select(provider => provider.Limit)
        );
    }

    [Fact]
    public async Task Limits_are_what_the_options_say()
    {
        using var host = Build(
            Fcm.Concat(Apns)
                .Concat([new("Push:Fcm:MessagesPerMinute", "30"), new("Push:Apns:MessagesPerSecond", "500"), new("Push:Apns:Burst", "50")])
        );
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [new RateLimit(0.5, 1), new RateLimit(500, 50)],
            host.Services.GetServices<IProvider<PushMessage>>().Select(provider => provider.Limit!)
        );
    }

    [Fact]
    public async Task Keys_may_come_from_files()
    {
        var folder = Directory.CreateTempSubdirectory("notify-push-");
        try
        {
            var (account, key) = (Path.Combine(folder.FullName, "account.json"), Path.Combine(folder.FullName, "key.p8"));
            await File.WriteAllTextAsync(account, Fcm["Push:Fcm:Credentials"], TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(key, SigningKey.Pem, TestContext.Current.CancellationToken);
            using var host = Build(
                Fcm.Concat(Apns)
                    .Concat([
                        new("Push:Fcm:Credentials", null),
                        new("Push:Fcm:CredentialsFile", account),
                        new("Push:Apns:PrivateKey", null),
                        new("Push:Apns:PrivateKeyFile", key),
                    ])
            );
            await host.StartAsync(TestContext.Current.CancellationToken);

            Assert.Equal(2, host.Services.GetServices<IProvider<PushMessage>>().Count());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Push:Fcm:ProjectId", null)]
    [InlineData("Push:Fcm:ProjectId", "a/../b")]
    [InlineData("Push:Fcm:Credentials", null)]
    [InlineData("Push:Fcm:Credentials", "{}")]
    [InlineData("Push:Fcm:Credentials", "no json: very-secret")]
    [InlineData("Push:Fcm:Credentials", """{"type":"service_account","client_email":"a@b","private_key":"very-secret"}""")]
    [InlineData(
        "Push:Fcm:Credentials",
        """{"type":"authorized_user","client_id":"a","client_secret":"very-secret","refresh_token":"very-secret"}"""
    )]
    [InlineData("Push:Fcm:Endpoint", "ftp://example.test")]
    [InlineData("Push:Fcm:Timeout", "00:00:00")]
    [InlineData("Push:Fcm:MessagesPerMinute", "0")]
    [InlineData("Push:Apns:MessagesPerSecond", "0")]
    [InlineData("Push:Apns:Burst", "0")]
    [InlineData("Push:Apns:MaxConcurrentStreams", "0")]
    [InlineData("Push:Apns:TeamId", null)]
    [InlineData("Push:Apns:TeamId", "short")]
    [InlineData("Push:Apns:KeyId", null)]
    [InlineData("Push:Apns:PrivateKey", null)]
    [InlineData("Push:Apns:PrivateKey", "very-secret")]
    [InlineData("Push:Apns:PrivateKey", "-----BEGIN PRIVATE KEY-----\nvery+secret\n-----END PRIVATE KEY-----")]
    [InlineData("Push:Apns:Topic", null)]
    [InlineData("Push:Apns:SandboxEndpoint", "ftp://example.test")]
    [InlineData("Push:Apns:Timeout", "00:02:00")]
    public async Task Start_fails_with_the_name_of_what_is_wrong_and_no_secret(string key, string? value)
    {
        using var host = Build(Fcm.Concat(Apns).Append(new(key, value)));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(key.Split(':')[1], fault.Message);
        Assert.Contains(key.Split(':')[2], fault.Message);
        Assert.DoesNotContain("very", fault.ToString());
    }

    [Theory]
    [InlineData("Push:Fcm:CredentialsFile")]
    [InlineData("Push:Apns:PrivateKeyFile")]
    public async Task Start_fails_for_a_file_that_is_not_there(string key)
    {
        using var host = Build([new(key, "/nowhere/at/all")]);

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains($"{key} names a file that is not there", fault.Message);
    }

    private static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        builder.AddFcm();
        builder.AddApns();
        return builder.Build();
    }
}
