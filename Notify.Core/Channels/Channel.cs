namespace Notify.Core.Channels;

/// <summary>
/// The ways a message reaches a person. What is particular to one of them stands in its own <see cref="ChannelDefinition"/>, and nothing
/// else tells channels apart.
/// </summary>
public enum Channel
{
    Push,
    Email,
    Sms,
}

/// <summary>The wire names of channels: in requests, topics, columns, metrics and logs. Each channel's definition states its own.</summary>
public static class ChannelNames
{
    /// <summary>Every channel, in the order in which a recipient is tried on them where a request names none.</summary>
    public static IReadOnlyList<Channel> All { get; } = [.. ChannelDefinition.All.Select(definition => definition.Channel)];

    public static string ToName(this Channel channel) => ChannelDefinition.Of(channel).Name;

    public static Channel Parse(string name) =>
        TryParse(name, out var channel) ? channel : throw new ArgumentOutOfRangeException(nameof(name), name, "Not a channel.");

    public static bool TryParse(string? name, out Channel channel)
    {
        var definition = ChannelDefinition.Named(name);
        channel = definition?.Channel ?? default;
        return definition is not null;
    }
}
