using Notify.Core.Notifications;
using Notify.Core.Preferences;

namespace Notify.Core.Tenants;

/// <summary>What a request may not say of its category. Pure.</summary>
public static class CategoryRules
{
    /// <summary>What is wrong; null for nothing.</summary>
    /// <param name="request">A request that has been held to its own rules.</param>
    /// <param name="owner">What is known of its tenant.</param>
    public static FieldError? Check(NotificationRequest request, TenantEntry owner)
    {
        if (request.Category is not { } id)
            return null;
        if (owner.CategoryOf(id) is not { } category)
            return owner.Consent.IsStrict
                ? new(
                    "category",
                    "unknown",
                    "There is no such category, and the tenant's settings ask for one that exists: PUT /v1/categories."
                )
                : null;
        if (category.Type != NotificationTypes.Marketing)
            return null;
        if (request.Type is { } type && type != NotificationTypes.Marketing)
            return new("type", "not_allowed", "The category is marketing: leave type out, or say marketing.");
        return request.Priority == Priorities.Critical
            ? new("priority", "not_allowed", "The category is marketing, which is never critical: use another priority.")
            : null;
    }

    /// <summary>The lane of a request: a category of marketing is bulk, whatever the request leaves out.</summary>
    public static Lane LaneOf(NotificationRequest request, TenantEntry owner) =>
        owner.CategoryOf(request.Category) is { Type: NotificationTypes.Marketing }
            ? LaneNames.Of(request.EffectivePriority(), NotificationTypes.Marketing)
            : request.Lane();
}
