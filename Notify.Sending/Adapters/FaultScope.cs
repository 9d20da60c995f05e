using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>What a provider's refusal concerns: nothing outside it waits for it.</summary>
public enum FaultScope
{
    /// <summary>The credential as a whole, and so everything that is sent with it.</summary>
    Account,

    /// <summary>Our sender address or number.</summary>
    Sender,

    /// <summary>What we send to the recipient's mail domain.</summary>
    Domain,

    /// <summary>What we send to the country of the number.</summary>
    Country,

    /// <summary>One platform behind the provider, such as the iOS devices of a Firebase project.</summary>
    Platform,

    /// <summary>One app (an APNs topic).</summary>
    App,

    /// <summary>One environment (production or sandbox).</summary>
    Environment,

    /// <summary>This one address, or its host.</summary>
    Address,

    /// <summary>This message: nothing outside it mends it.</summary>
    Message,
}
