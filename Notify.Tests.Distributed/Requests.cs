using System.Security.Cryptography;

namespace Notify.Tests.Distributed;

/// <summary>Requests and addresses; every address is new, so that no test meets another's messages.</summary>
internal static class Requests
{
    /// <summary>A category whose messages are never sent a second time.</summary>
    public const string AtMostOnce = "at-most-once";

    public static string NewEmail() => $"{Guid.NewGuid():N}@example.test";

    public static string NewPhone() => $"+4915{RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000)}";

    public static string NewFcmToken() => $"fcm-{Guid.NewGuid():N}";

    public static string NewApnsToken() => $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public static string NewRecipient() => $"user-{Guid.NewGuid():N}";

    public static object Email(
        string address,
        string title = "Hello",
        string body = "It works.",
        string? category = null,
        string? priority = null,
        string? type = null,
        int? ttl = null
    ) => To(new { email = address }, title, body, category, priority, type, ttl);

    public static object Sms(string phone, string? category = null, int? ttl = null) =>
        To(new { phone }, "Hello", "It works.", category, null, null, ttl);

    public static object Fcm(string token, string? category = null) =>
        To(new { push = new { token, platform = "fcm" } }, "Hello", "It works.", category, null, null, null);

    public static object Apns(string token, string? priority = null) =>
        To(new { push = new { token, platform = "apns" } }, "Hello", "It works.", null, priority, null, null);

    private static Dictionary<string, object> To(
        object recipient,
        string title,
        string body,
        string? category,
        string? priority,
        string? type,
        int? ttl
    )
    {
        var request = new Dictionary<string, object> { ["recipients"] = new[] { recipient }, ["message"] = new { title, body } };
        if (category is not null)
            request["category"] = category;
        if (priority is not null)
            request["priority"] = priority;
        if (type is not null)
            request["type"] = type;
        if (ttl is { } seconds)
            request["ttl"] = seconds;
        return request;
    }
}
