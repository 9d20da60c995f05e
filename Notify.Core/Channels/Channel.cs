namespace Notify.Core.Channels;

/// <summary>The ways a message reaches a person. The wire names are those of <see cref="ChannelNames"/>.</summary>
public enum Channel
{
    Push,
    Email,
    Sms,
}
