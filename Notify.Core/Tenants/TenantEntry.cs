using System.Collections.Frozen;
using Notify.Core.Preferences;

namespace Notify.Core.Tenants;

/// <summary>What is known of a tenant where its notifications are decided.</summary>
/// <param name="IsEnabled">Whether anything of it may be sent.</param>
/// <param name="Consent">What it says for all its people.</param>
/// <param name="Categories">Its categories, by id.</param>
public sealed record TenantEntry(bool IsEnabled, TenantConsent Consent, FrozenDictionary<string, Category> Categories)
{
    /// <summary>A tenant that has set nothing.</summary>
    public static TenantEntry Plain { get; } = new(true, TenantConsent.None, FrozenDictionary<string, Category>.Empty);

    /// <summary>Of what was read just now; a tenant that has no row has set nothing.</summary>
    public static TenantEntry Of(TenantRow? row, IEnumerable<Category> categories) =>
        new(row?.IsEnabled ?? true, row?.Consent ?? TenantConsent.None, categories.ToFrozenDictionary(category => category.Id));

    /// <summary>Null where the notification names no category, or one that does not exist.</summary>
    public Category? CategoryOf(string? id) => id is null ? null : Categories.GetValueOrDefault(id);
}
