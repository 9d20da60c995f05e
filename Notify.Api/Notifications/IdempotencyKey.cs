using Notify.Core.Notifications;
using Notify.Core.Validation;

namespace Notify.Api.Notifications;

/// <summary>Reads the header of the IETF draft: a quoted string, or bare as many clients send it.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>False for a header that is there and cannot be one.</summary>
    public static bool TryRead(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue(Header, out var values))
            return true;
        var text = values.ToString().Trim();
        if (text is ['"', .. var quoted, '"'])
            text = quoted;
        key = text;
        return NotificationValidator.IsKey(text, NotificationLimits.IdempotencyKeyLength);
    }
}
