using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Benchmarks.Parts;

/// <summary>
/// A channel worker like the product's, but for its provider, which does nothing: what remains is the engine's own cost.
/// </summary>
internal static class IdleWorker
{
    public const string ChannelVariable = "BENCHMARK_CHANNEL";
    public const string ArrivalsVariable = "BENCHMARK_ARRIVALS";
    public const string CountVariable = "BENCHMARK_COUNT";

    public static int Run()
    {
        var count = PartProgram.Number(CountVariable);
        using var memory = new SharedLongs(PartProgram.Setting(ArrivalsVariable), Arrivals.CellsOf(count));
        var arrivals = Arrivals.In(memory, count);
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        var channel = ChannelNames.Parse(PartProgram.Setting(ChannelVariable));
        builder.AddChannelWorker(channel, IdleMessage.Of);
        builder.Services.AddSingleton<IProvider<IdleMessage>>(new IdleProvider(arrivals));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app.RunService();
    }

    /// <summary>What an adapter would send.</summary>
    private sealed record IdleMessage(Guid Id, string To, string? Title, string? Body)
    {
        public static IdleMessage Of(DeliveryRecord record) => new(record.Id, record.Address, record.Content.Title, record.Content.Body);
    }

    /// <summary>Has taken every message at once.</summary>
    private sealed class IdleProvider(Arrivals arrivals) : IProvider<IdleMessage>
    {
        private static readonly Task<Outcome> s_sent = Task.FromResult(Outcome.Sent("0"));

        public string Name => "none";

        public string Credential => "none";

        public RateLimit? Limit => null;

        public bool CanSend(DeliveryTarget target) => true;

        public Task<Outcome> SendAsync(IdleMessage message, CancellationToken cancellationToken)
        {
            arrivals.Arrived(NumberedAddress.TryRead(message.To, out var number) ? number : -1);
            return s_sent;
        }
    }
}
