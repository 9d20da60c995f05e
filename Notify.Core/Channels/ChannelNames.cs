namespace Notify.Core.Channels;

/// <summary>The wire names of channels: in requests, topics, columns, metrics and logs.</summary>
public static class ChannelNames
{
    public static IReadOnlyList<Channel> All { get; } = [Channel.Push, Channel.Email, Channel.Sms];

    public static string ToName(this Channel channel) =>
        channel switch
        {
            Channel.Push => "push",
            Channel.Email => "email",
            Channel.Sms => "sms",
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, null),
        };

    public static Channel Parse(string name) =>
        TryParse(name, out var channel) ? channel : throw new ArgumentOutOfRangeException(nameof(name), name, "Not a channel.");

    public static bool TryParse(string? name, out Channel channel)
    {
        (var known, channel) = name switch
        {
            "push" => (true, Channel.Push),
            "email" => (true, Channel.Email),
            "sms" => (true, Channel.Sms),
            _ => (false, default),
        };
        return known;
    }
}
