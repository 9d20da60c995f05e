namespace Notify.Workers.Router.Replays;

/// <summary>Registers what replays dead letters.</summary>
internal static class ReplayExtensions
{
    public static IHostApplicationBuilder AddReplays(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LetterProducer>();
        builder.Services.AddSingleton<ReplayStore>();
        builder.Services.AddHostedService<ReplayRunner>();
        return builder;
    }
}
