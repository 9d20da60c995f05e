using Notify.Core.Notifications;
using Notify.Core.Suppressions;

namespace Notify.Tests.Core.Suppressions;

public sealed class SuppressionScopeTests
{
    [Theory]
    [InlineData("all", NotificationTypes.Transactional, null, true)]
    [InlineData("all", NotificationTypes.Marketing, "news", true)]
    [InlineData("marketing", NotificationTypes.Marketing, null, true)]
    [InlineData("marketing", NotificationTypes.Marketing, "news", true)]
    [InlineData("marketing", NotificationTypes.Transactional, "news", false)]
    [InlineData("marketing", NotificationTypes.Alert, "marketing", false)]
    [InlineData("category:news", NotificationTypes.Marketing, "news", true)]
    [InlineData("category:news", NotificationTypes.Alert, "news", true)]
    [InlineData("category:news", NotificationTypes.Marketing, "news.daily", false)]
    [InlineData("category:news", NotificationTypes.Marketing, null, false)]
    [InlineData("category:all", NotificationTypes.Marketing, "news", false)]
    public void Scope_says_what_it_holds_for(string text, string type, string? category, bool applies)
    {
        Assert.True(SuppressionScope.TryParse(text, out var scope));
        Assert.Equal(applies, scope.Applies(type, category));
        Assert.Equal(text, scope.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("news")]
    [InlineData("All")]
    [InlineData("category:")]
    [InlineData("category:News")]
    [InlineData("category:a:b")]
    public void Other_texts_are_no_scope(string? text) => Assert.False(SuppressionScope.TryParse(text, out _));

    [Fact]
    public void Scopes_are_equal_by_their_text()
    {
        Assert.Equal(SuppressionScope.Category("news"), SuppressionScope.TryParse("category:news", out var read) ? read : default);
        Assert.NotEqual(SuppressionScope.All, SuppressionScope.Category("all"));
        Assert.Equal(SuppressionScope.All, default);
        Assert.True(default(SuppressionScope).Applies(NotificationTypes.Alert, null));
    }
}
