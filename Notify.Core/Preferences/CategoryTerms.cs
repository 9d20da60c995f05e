namespace Notify.Core.Preferences;

/// <summary>What a category asks of a person.</summary>
public enum CategoryMode
{
    /// <summary><c>optional</c>: sent until the person says no.</summary>
    Optional,

    /// <summary><c>required</c>: sent whatever the person says, such as a login code. Never marketing.</summary>
    Required,

    /// <summary><c>opt_in</c>: not sent until somebody says yes.</summary>
    OptIn,
}

/// <summary>What a category does in quiet hours.</summary>
public enum QuietHoursRule
{
    /// <summary><c>hold</c>: waits for their end.</summary>
    Hold,

    /// <summary><c>ignore</c>: is sent all the same. Never marketing.</summary>
    Ignore,
}

/// <summary>What happens to a delivery whose provider's answer was lost.</summary>
public enum Guarantee
{
    /// <summary><c>at_least_once</c>: it is sent again, and may arrive twice.</summary>
    AtLeastOnce,

    /// <summary><c>at_most_once</c>: it ends as <c>unknown</c>, and may not have arrived.</summary>
    AtMostOnce,
}

/// <summary>The wire names of a category's terms.</summary>
public static class CategoryTerms
{
    public static IReadOnlyList<string> Modes { get; } = [.. Enum.GetValues<CategoryMode>().Select(ToName)];

    public static IReadOnlyList<string> QuietHoursRules { get; } = [.. Enum.GetValues<QuietHoursRule>().Select(ToName)];

    public static IReadOnlyList<string> Guarantees { get; } = [.. Enum.GetValues<Guarantee>().Select(ToName)];

    public static string ToName(this CategoryMode mode) =>
        mode switch
        {
            CategoryMode.Optional => "optional",
            CategoryMode.Required => "required",
            CategoryMode.OptIn => "opt_in",
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
        };

    public static string ToName(this QuietHoursRule rule) =>
        rule switch
        {
            QuietHoursRule.Hold => "hold",
            QuietHoursRule.Ignore => "ignore",
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };

    public static string ToName(this Guarantee guarantee) =>
        guarantee switch
        {
            Guarantee.AtLeastOnce => "at_least_once",
            Guarantee.AtMostOnce => "at_most_once",
            _ => throw new ArgumentOutOfRangeException(nameof(guarantee), guarantee, null),
        };

    public static bool TryParse(string? name, out CategoryMode mode) => TryParse(name, ToName, out mode);

    public static bool TryParse(string? name, out QuietHoursRule rule) => TryParse(name, ToName, out rule);

    public static bool TryParse(string? name, out Guarantee guarantee) => TryParse(name, ToName, out guarantee);

    private static bool TryParse<T>(string? name, Func<T, string> nameOf, out T value)
        where T : struct, Enum
    {
        foreach (var known in Enum.GetValues<T>())
        {
            if (nameOf(known) == name)
            {
                value = known;
                return true;
            }
        }
        value = default;
        return false;
    }
}
