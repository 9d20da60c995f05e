using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Notify.Benchmarks.Sinks;
using Notify.Core.Channels;
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
        switch (ChannelNames.Parse(PartProgram.Setting(ChannelVariable)))
        {
            case Channel.Email:
                builder.AddChannelWorker(Channel.Email, MessageFactory.Email);
                Add<EmailMessage>(message => message.To);
                break;
            case Channel.Push:
                builder.AddChannelWorker(Channel.Push, MessageFactory.Push);
                Add<PushMessage>(message => message.Token);
                break;
            default:
                throw new UsageException($"{ChannelVariable} is email or push.");
        }
        var app = builder.Build();
        app.MapDefaultEndpoints();
        return app.RunService();

        void Add<TMessage>(Func<TMessage, string> address) =>
            builder.Services.AddSingleton<IProvider<TMessage>>(new IdleProvider<TMessage>(arrivals, address));
    }

    /// <summary>Has taken every message at once.</summary>
    private sealed class IdleProvider<TMessage>(Arrivals arrivals, Func<TMessage, string> address) : IProvider<TMessage>
    {
        private static readonly Task<Outcome> s_sent = Task.FromResult(Outcome.Sent("0"));

        public string Name => "none";

        public string Credential => "none";

        public RateLimit? Limit => null;

        public bool CanSend(TMessage message) => true;

        public Task<Outcome> SendAsync(TMessage message, CancellationToken cancellationToken)
        {
            arrivals.Arrived(NumberedAddress.TryRead(address(message), out var number) ? number : -1);
            return s_sent;
        }
    }
}
