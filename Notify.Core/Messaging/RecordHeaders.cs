using System.Text;
using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>The headers of our records.</summary>
public static class RecordHeaders
{
    public const string SchemaVersion = "schema-version";
    public const string Tenant = "tenant";

    /// <summary>How many turns the tenant has where another has one; 1 where it is missing.</summary>
    public const string TenantWeight = "tenant-weight";

    public const string NotificationId = "notification-id";
    public const string IdempotencyKey = "idempotency-key";

    /// <summary>The place in its batch of a notification that came in one. Its idempotency key is made of the batch's and this, and is no
    /// key that a single request may have sent.</summary>
    public const string BatchItem = "batch-item";

    public const string TraceParent = "traceparent";
    public const string ContentType = "content-type";

    /// <summary>The one version there is.</summary>
    public const string Version1 = "1";

    public const string Json = "application/json";

    public static Headers With(this Headers headers, string name, string? value)
    {
        if (value is not null)
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        return headers;
    }

    /// <summary>The last value under a name; null where there is none.</summary>
    public static string? Text(this Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;
}
