using Notify.Core.Notifications;
using Notify.Core.Preferences;

namespace Notify.Core.Suppressions;

/// <summary>
/// What a suppression holds for: everything, all marketing, or one category. Its text is <c>all</c>, <c>marketing</c> or
/// <c>category:</c> and the category's id: the colon stands in no id, so a category may be called <c>all</c>.
/// </summary>
public readonly record struct SuppressionScope
{
    private const string CategoryPrefix = "category:";
    private readonly string? _text;

    private SuppressionScope(string text) => _text = text;

    public static SuppressionScope All { get; } = new("all");

    public static SuppressionScope Marketing { get; } = new("marketing");

    /// <summary>One category, by its id.</summary>
    public static SuppressionScope Category(string id) => new(CategoryPrefix + id);

    /// <summary>False for a text that is no scope, also where what follows <c>category:</c> can be no category's id.</summary>
    public static bool TryParse(string? text, out SuppressionScope scope)
    {
        var isScope =
            text is "all" or "marketing"
            || (
                text?.StartsWith(CategoryPrefix, StringComparison.Ordinal) == true
                && CategoryIds.IsValid(text.AsSpan(CategoryPrefix.Length))
            );
        scope = isScope ? new(text!) : default;
        return isScope;
    }

    /// <summary>Whether the suppression holds for a message.</summary>
    /// <param name="type">The message's type: <see cref="NotificationTypes"/>.</param>
    /// <param name="category">The message's category; null for none.</param>
    public bool Applies(string type, string? category) =>
        this == All
        || (this == Marketing && type == NotificationTypes.Marketing)
        || (category is not null && _text is not null && IsOf(category));

    /// <summary>The default value, which comes from no text, is taken as everything: a suppression is never lost by mistake.</summary>
    public override string ToString() => _text ?? "all";

    public bool Equals(SuppressionScope other) => string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private bool IsOf(string category) =>
        _text!.StartsWith(CategoryPrefix, StringComparison.Ordinal) && _text.AsSpan(CategoryPrefix.Length).SequenceEqual(category);
}
