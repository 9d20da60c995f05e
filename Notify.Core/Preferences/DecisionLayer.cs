namespace Notify.Core.Preferences;

/// <summary>Where the value that a gate looked at came from.</summary>
public enum DecisionLayer
{
    /// <summary>The person refuses all marketing.</summary>
    PersonMarketing,

    /// <summary>The person's word about the category on the channel.</summary>
    PersonCategoryChannel,

    /// <summary>The person's word about the category.</summary>
    PersonCategory,

    /// <summary>The person's word about the channel.</summary>
    PersonChannel,

    /// <summary>The tenant's default for the channel.</summary>
    TenantDefault,

    /// <summary>What the category's mode means for those who have said nothing.</summary>
    CategoryDefault,

    /// <summary>The notification names a category that the tenant has not made: allowed.</summary>
    UnknownCategory,

    /// <summary>The notification names no category: allowed.</summary>
    NoCategory,

    /// <summary>A property of the category itself, such as that it is required or ignores quiet hours.</summary>
    Category,

    /// <summary>The notification's priority.</summary>
    Priority,

    /// <summary>The device, as the zone of a push.</summary>
    Device,

    /// <summary>The recipient.</summary>
    Recipient,

    /// <summary>The tenant.</summary>
    Tenant,
}

/// <summary>The names of layers in answers, and their short ones in a kept trace.</summary>
public static class DecisionLayerNames
{
    public static IReadOnlyList<DecisionLayer> All { get; } = Enum.GetValues<DecisionLayer>();

    public static string ToName(this DecisionLayer layer) =>
        layer switch
        {
            DecisionLayer.PersonMarketing => "person marketing",
            DecisionLayer.PersonCategoryChannel => "person category channel",
            DecisionLayer.PersonCategory => "person category",
            DecisionLayer.PersonChannel => "person channel",
            DecisionLayer.TenantDefault => "tenant default",
            DecisionLayer.CategoryDefault => "category default",
            DecisionLayer.UnknownCategory => "unknown category",
            DecisionLayer.NoCategory => "no category",
            DecisionLayer.Category => "category",
            DecisionLayer.Priority => "priority",
            DecisionLayer.Device => "device",
            DecisionLayer.Recipient => "recipient",
            DecisionLayer.Tenant => "tenant",
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, null),
        };

    /// <summary>As a kept trace writes it; rows hold it, so it never changes its meaning.</summary>
    internal static string ToCode(this DecisionLayer layer) =>
        layer switch
        {
            DecisionLayer.PersonMarketing => "pm",
            DecisionLayer.PersonCategoryChannel => "px",
            DecisionLayer.PersonCategory => "pc",
            DecisionLayer.PersonChannel => "ph",
            DecisionLayer.TenantDefault => "td",
            DecisionLayer.CategoryDefault => "cd",
            DecisionLayer.UnknownCategory => "uc",
            DecisionLayer.NoCategory => "nc",
            DecisionLayer.Category => "c",
            DecisionLayer.Priority => "p",
            DecisionLayer.Device => "d",
            DecisionLayer.Recipient => "r",
            DecisionLayer.Tenant => "t",
            _ => throw new ArgumentOutOfRangeException(nameof(layer), layer, null),
        };

    internal static bool TryParseCode(ReadOnlySpan<char> code, out DecisionLayer layer)
    {
        foreach (var known in All)
        {
            if (code.SequenceEqual(known.ToCode()))
            {
                layer = known;
                return true;
            }
        }
        layer = default;
        return false;
    }
}
