using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Tenants;

namespace Notify.Tests.Core.Tenants;

public sealed class CategoryRulesTests
{
    private static readonly Category News = new()
    {
        Id = "news",
        Title = new Dictionary<string, string> { ["en"] = "News" },
        Type = NotificationTypes.Marketing,
    };

    [Theory]
    [InlineData(null, null, null, false, null, Lane.Standard)]
    [InlineData("made.up", null, null, false, null, Lane.Standard)]
    [InlineData("made.up", null, null, true, "category", Lane.Standard)]
    [InlineData("news", null, null, true, null, Lane.Bulk)]
    [InlineData("news", "marketing", "high", false, null, Lane.Bulk)]
    [InlineData("news", "transactional", null, false, "type", Lane.Bulk)]
    [InlineData("news", null, "critical", false, "priority", Lane.Critical)]
    public void Category_refuses_and_sets_the_lane(string? id, string? type, string? priority, bool strict, string? field, Lane lane)
    {
        var owner = TenantEntry.Of(null, [News]) with { Consent = TenantConsent.None with { IsStrict = strict } };
        var request = new NotificationRequest
        {
            Category = id,
            Type = type,
            Priority = priority,
        };
        Assert.Equal(field, CategoryRules.Check(request, owner)?.Field);
        Assert.Equal(lane, CategoryRules.LaneOf(request, owner));
    }
}
