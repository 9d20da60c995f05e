using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>Whether a person wants a message, and who said so.</summary>
public readonly record struct PreferenceAnswer(bool IsAllowed, DecisionLayer Layer);

/// <summary>Which of all the words about a message counts.</summary>
public static class Preference
{
    /// <summary>
    /// The most specific explicit value: the person's for the category on the channel, the person's for the category, the person's for
    /// the channel, the tenant's for the channel, the category's own. Only a person's no to all marketing beats them. Pure, and without a
    /// memory: what was written first or last makes no difference.
    /// </summary>
    /// <remarks>A required category is sent without asking here, which its gate decides before. A tenant's yes to a channel is more
    /// specific than the default of an <c>opt_in</c> category and so opens it to those who have said nothing.</remarks>
    /// <param name="person">Of a registered recipient; <see cref="PersonPreferences.None"/> for everybody else.</param>
    /// <param name="categoryId">The category that the notification names; null for none.</param>
    /// <param name="type">The notification's type: <see cref="NotificationTypes"/>.</param>
    /// <param name="channel">The delivery's channel.</param>
    /// <param name="tenantDefaults">The tenant's values for those who have said nothing.</param>
    /// <param name="category">The category of that id; null where the tenant has made none, which allows the message.</param>
    public static PreferenceAnswer Resolve(
        PersonPreferences person,
        string? categoryId,
        string type,
        Channel channel,
        ChannelChoices tenantDefaults,
        Category? category
    )
    {
        if (person.Marketing == false && type == NotificationTypes.Marketing)
            return new(false, DecisionLayer.PersonMarketing);
        if (categoryId is not null && person.Categories.TryGetValue(categoryId, out var choice))
        {
            if (choice.Channels[channel] is { } onChannel)
                return new(onChannel, DecisionLayer.PersonCategoryChannel);
            if (choice.Enabled is { } enabled)
                return new(enabled, DecisionLayer.PersonCategory);
        }
        if (person.Channels[channel] is { } ofPerson)
            return new(ofPerson, DecisionLayer.PersonChannel);
        if (tenantDefaults[channel] is { } ofTenant)
            return new(ofTenant, DecisionLayer.TenantDefault);
        if (categoryId is null)
            return new(true, DecisionLayer.NoCategory);
        return category is null
            ? new(true, DecisionLayer.UnknownCategory)
            : new(category.Mode != CategoryMode.OptIn, DecisionLayer.CategoryDefault);
    }
}
