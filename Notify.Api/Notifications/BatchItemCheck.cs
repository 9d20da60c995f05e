using Notify.Api.Problems;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Core.Validation;

namespace Notify.Api.Notifications;

/// <summary>Holds one item of a batch to its rules; what is wrong names its place in the batch.</summary>
internal static class BatchItemCheck
{
    public static (NotificationRequest? Request, ProblemView? Problem) Check(ReadOnlySpan<byte> bytes, TenantEntry owner, int index)
    {
        var field = $"notifications[{index}]";
        if (bytes.Length > NotificationLimits.ItemBytes)
            return (
                null,
                ProblemView.Of(
                    "too-large",
                    StatusCodes.Status413PayloadTooLarge,
                    "Too large.",
                    [new(field, "too_large", $"At most {NotificationLimits.ItemBytes:N0} bytes.")]
                )
            );
        var (request, error) = RequestBody.ParseNotification(bytes);
        if (request is null)
            return (null, ProblemView.Of(error! with { Field = Join(field, error.Field) }, "The item cannot be read."));
        var errors = NotificationValidator.Validate(request);
        if (errors.Count == 0 && CategoryRules.Check(request, owner) is { } wrong)
            errors = [wrong];
        if (errors.Count > 0)
            return (
                null,
                ProblemView.Of(
                    "invalid",
                    StatusCodes.Status422UnprocessableEntity,
                    "The item breaks a rule.",
                    [.. errors.Select(e => e with { Field = Join(field, e.Field) })]
                )
            );
        return (request, null);
    }

    private static string Join(string item, string field) => field.Length == 0 ? item : $"{item}.{field}";
}
