using Notify.Core.Channels;

namespace Notify.Core.Preferences;

/// <summary>Yes, no or nothing for each channel. A value: setting one gives another.</summary>
public readonly record struct ChannelChoices
{
    // A bit for each channel, at its place in the enum.
    private readonly uint _said;
    private readonly uint _yes;

    private ChannelChoices(uint said, uint yes) => (_said, _yes) = (said, yes);

    /// <summary>Nothing said about any channel.</summary>
    public static ChannelChoices None => default;

    public bool IsNone => _said == 0;

    /// <summary>What was said about a channel; null for nothing.</summary>
    public bool? this[Channel channel] => (_said & BitOf(channel)) == 0 ? null : (_yes & BitOf(channel)) != 0;

    /// <summary>The same with another word about one channel.</summary>
    public ChannelChoices With(Channel channel, bool? choice) =>
        new(
            choice is null ? _said & ~BitOf(channel) : _said | BitOf(channel),
            choice is true ? _yes | BitOf(channel) : _yes & ~BitOf(channel)
        );

    /// <summary>By the channels' names, in the order of <see cref="ChannelNames.All"/>; null for nothing said.</summary>
    public IReadOnlyDictionary<string, bool>? ToNames()
    {
        if (IsNone)
            return null;
        var names = new OrderedDictionary<string, bool>();
        foreach (var channel in ChannelNames.All)
        {
            if (this[channel] is { } choice)
                names.Add(channel.ToName(), choice);
        }
        return names;
    }

    private static uint BitOf(Channel channel) => 1u << (int)channel;
}
