using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Channels;

/// <summary>
/// All that is particular to one channel, in one file a channel: what addresses it has, what it can carry and how that is shown. A new
/// channel is a value of <see cref="Channels.Channel"/>, a class derived from this one and a line in <see cref="All"/>.
/// </summary>
/// <param name="channel">Which one it defines.</param>
/// <param name="name">Its name in requests, topics, columns, metrics and logs; it is stored, and so must never change.</param>
public abstract class ChannelDefinition(Channel channel, string name)
{
    /// <summary>One definition for each channel, in the order in which a recipient is tried on them where a request names none.</summary>
    public static IReadOnlyList<ChannelDefinition> All { get; } = [new PushChannel(), new EmailChannel(), new SmsChannel()];

    private static readonly ChannelDefinition[] s_byChannel = [.. All.OrderBy(definition => definition.Channel)];

    public Channel Channel => channel;

    public string Name => name;

    /// <summary>Whether the channel's providers limit what one address gets, and not only what a sender sends.</summary>
    public virtual bool LimitsAddresses => false;

    /// <summary>The setting below <c>SelfCheck</c> that names who gets the worker's own messages on this channel.</summary>
    public abstract string SelfCheckSetting { get; }

    /// <summary>Whether an inline recipient has an address on this channel.</summary>
    public abstract bool Reaches(RecipientTarget target);

    /// <summary>An inline recipient with nothing but its address on this channel.</summary>
    public abstract RecipientTarget PartOf(RecipientTarget target);

    /// <summary>Where a recipient can be reached on this channel, each address once; none where there is no address.</summary>
    public abstract IEnumerable<ChannelAddress> AddressesOf(Profile profile);

    /// <summary>An address that somebody wrote, in the form in which addresses are compared; null where it can be none of this
    /// channel.</summary>
    public abstract string? AddressOf(string text);

    /// <summary>What an address of this channel looks like, for a person to read.</summary>
    public abstract string ExpectedAddress { get; }

    /// <summary>Finds the recipients of <c>@tenant</c> who have the address <c>@address</c>, written as <c>@given</c> or not: their
    /// ids.</summary>
    public abstract string OwnersSql { get; }

    /// <summary>Whether a provider can check a message to this recipient without handing it out.</summary>
    public virtual bool CanCheckDry(RecipientTarget target) => false;

    /// <summary>Adds what keeps a request's payload from being sent on this channel.</summary>
    public virtual void CheckPayload(NotificationRequest request, List<FieldError> errors) { }

    /// <summary>Adds what keeps a request's words from being sent on this channel.</summary>
    /// <param name="request">The request.</param>
    /// <param name="message">Its message.</param>
    /// <param name="errors">What is wrong with it so far, its payload included.</param>
    public abstract void CheckContent(NotificationRequest request, MessageContent message, List<FieldError> errors);

    /// <summary>Adds what no channel can carry, for each text that a request has for this channel alone.</summary>
    public abstract void CheckCharacters(MessageContent message, List<FieldError> errors);

    /// <summary>What the request says on this channel.</summary>
    public abstract DeliveryContent ContentOf(NotificationRequest request);

    /// <summary>Whether a delivery's record has all that the channel's message is made of, beside an address and content.</summary>
    public virtual bool IsComplete(DeviceInfo? device) => true;

    /// <summary>The address as the API shows it.</summary>
    public virtual string Shown(string address) => address;

    public static ChannelDefinition Of(Channel channel) =>
        (uint)channel < (uint)s_byChannel.Length
            ? s_byChannel[(int)channel]
            : throw new ArgumentOutOfRangeException(nameof(channel), channel, null);

    /// <summary>Null where no channel has this name.</summary>
    public static ChannelDefinition? Named(string? name)
    {
        foreach (var definition in s_byChannel)
        {
            if (definition.Name == name)
                return definition;
        }
        return null;
    }

    /// <summary>U+0000 ends a text for many who read it, and no mail or text message may hold it.</summary>
    internal static void CheckText(string field, string? text, List<FieldError> errors)
    {
        if (text is not null && text.Contains('\0', StringComparison.Ordinal))
            AddOnce(errors, new(field, "invalid", "The character U+0000 can be neither stored nor shown."));
    }

    /// <summary>Adds an error unless its field already has one of the same rule, since several channels may miss the same word.</summary>
    private protected static void AddOnce(List<FieldError> errors, FieldError error)
    {
        if (!errors.Any(known => known.Field == error.Field && known.Rule == error.Rule))
            errors.Add(error);
    }
}

/// <summary>One address of a recipient on one channel.</summary>
/// <param name="Address">Where a message goes, in the form in which addresses are compared.</param>
/// <param name="Device">What providers need to know beside it, where it is a device's.</param>
public readonly record struct ChannelAddress(string Address, DeviceInfo? Device);
