using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Core.Notifications;

namespace Notify.Benchmarks.Seeding;

/// <summary>Numbered deliveries that are to stand in the database.</summary>
/// <param name="Channel">Their channel.</param>
/// <param name="Count">How many.</param>
/// <param name="State">Queued ones also get their records on the bulk lane.</param>
/// <param name="DueAt">When the waiting one with this number comes due; null for none.</param>
/// <param name="People">Registered recipients whom the notifications name in turns; zero for addresses in the requests.</param>
/// <param name="Group">Which of them: what the Router's cache knows of others says nothing about these.</param>
internal sealed record SeedPlan(
    Channel Channel,
    int Count,
    DeliveryState State = DeliveryState.Queued,
    Func<int, DateTimeOffset>? DueAt = null,
    int People = 0,
    string Group = ""
)
{
    public const string Tenant = "benchmark";

    /// <summary>Of a registered recipient.</summary>
    public static string PersonOf(string group, int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{group}-{number}");

    public const string Title = "Your order has shipped";
    public const string Body =
        "Hello! Your order 123456 has left our warehouse and will reach you in two days. Thank you for shopping with us.";

    public const Lane Lane = Notify.Core.Notifications.Lane.Bulk;
}
