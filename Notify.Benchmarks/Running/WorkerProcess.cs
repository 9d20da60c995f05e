using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Notify.Benchmarks.Parts;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;

namespace Notify.Benchmarks.Running;

/// <summary>A channel worker as a process of its own, with our sink for a provider.</summary>
internal static class WorkerProcess
{
    private static readonly Lazy<string> s_signingKey = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    /// <summary>The worker, started but not awaited.</summary>
    public static ServiceProcess Start(NotifySystem system, Channel channel, IProviderSink sink) =>
        sink is IdleSink idle
            ? ServiceProcess.StartPart(system, PartProgram.IdleWorker, channel.ToName(), "worker", idle.WorkerSettings(channel))
            : ServiceProcess.Start(system, channel.ToName(), ProviderSettings(channel, sink));

    private static Dictionary<string, string> ProviderSettings(Channel channel, IProviderSink sink) =>
        channel switch
        {
            Channel.Email => new()
            {
                ["Email__From"] = "notify@example.test",
                ["Email__Smtp__Host"] = "127.0.0.1",
                ["Email__Smtp__Port"] = sink.Port.ToString(CultureInfo.InvariantCulture),
                ["Email__Smtp__Security"] = "None",
            },
            Channel.Push => new()
            {
                ["Push__Fcm__ProjectId"] = "benchmark",
                ["Push__Fcm__MessagesPerMinute"] = "100000000", // Google's quota, the default, would be a bound of 10,000 a second
                ["Push__Fcm__Endpoint"] = Http(sink.Port),
                ["Push__Fcm__Credentials"] = ServiceAccount(Http(((HttpSink)sink).PlainPort) + "/token"),
            },
            Channel.Sms => new()
            {
                ["Sms__Twilio__AccountSid"] = "AC00000000000000000000000000000000",
                ["Sms__Twilio__AuthToken"] = "benchmark",
                ["Sms__Twilio__From"] = "+15005550006",
                ["Sms__Twilio__Endpoint"] = Http(((HttpSink)sink).PlainPort),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };

    private static string Http(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static string ServiceAccount(string tokenUri) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["project_id"] = "benchmark",
                ["private_key_id"] = "benchmark",
                ["private_key"] = s_signingKey.Value,
                ["client_email"] = "notify@benchmark.iam.gserviceaccount.com",
                ["client_id"] = "100000000000000000000",
                ["token_uri"] = tokenUri,
            }
        );
}
