using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Core.Tenants;
using Notify.Core.Validation;

namespace Notify.Workers.Router.Intake;

/// <summary>Reads a record of <c>notifications.{lane}</c>, whoever produced it, or says why it cannot be used.</summary>
internal sealed class RecordReader(TenantDirectory tenants, IOptions<RouterOptions> options, TimeProvider time)
{
    // An id made long ago or in the future would open a day's partition of its own: such an id is no time of a notification.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(30);
    private static readonly TimeSpan MaxAhead = TimeSpan.FromHours(1);

    public async ValueTask<ReadResult> ReadAsync(ConsumedRecord record, Lane lane, CancellationToken cancellationToken)
    {
        if (record.Headers.Text(RecordHeaders.SchemaVersion) is { } version && version != RecordHeaders.Version1)
            return ReadResult.Dead(DeadLetterCauses.UnknownVersion, $"Header schema-version is not {RecordHeaders.Version1}.");
        var tenant = record.Headers.Text(RecordHeaders.Tenant) ?? options.Value.DefaultTenant;
        if (string.IsNullOrEmpty(tenant))
            return ReadResult.Dead(DeadLetterCauses.NoTenant, "Header tenant is missing and Router:DefaultTenant is not set.");
        if (await tenants.FindAsync(tenant, cancellationToken) is not { } owner)
            return ReadResult.Dead(DeadLetterCauses.UnknownTenant, "Header tenant names no tenant.");
        if (!TryFindId(record, out var id))
            return ReadResult.Dead(
                DeadLetterCauses.BadId,
                "Header notification-id is no UUIDv7 of the last 30 days; or it is missing, and the record's own time is not of the last 30 days."
            );
        NotificationRequest? request;
        try
        {
            request = NotificationReader.ReadRecord(WithoutMark(record.Value));
        }
        catch (JsonException fault)
        {
            return ReadResult.Dead(
                DeadLetterCauses.Unreadable,
                $"Not a notification in JSON at {fault.Path ?? "$"} (line {fault.LineNumber})."
            );
        }
        if (request is null)
            return ReadResult.Dead(DeadLetterCauses.Unreadable, "The value is null.");
        if (NotificationValidator.Validate(request) is { Count: > 0 } errors)
            return ReadResult.Dead(DeadLetterCauses.Invalid, string.Join(" ", errors.Select(error => $"{error.Field}: {error.Rule}.")));
        return new(new IncomingNotification(record, tenant, id, lane, request) { Owner = owner }, null, null);
    }

    /// <summary>Without the byte order mark that some clients write (RFC 8259 §8.1).</summary>
    private static ReadOnlySpan<byte> WithoutMark(byte[] value) => value is [0xEF, 0xBB, 0xBF, ..] ? value.AsSpan(3) : value;

    private bool IsPlausible(DateTimeOffset made) => time.GetUtcNow() is var now && made > now - MaxAge && made < now + MaxAhead;

    /// <summary>The given id, or for a record of another producer one made of the record's time and place: the same on every
    /// replay.</summary>
    private bool TryFindId(ConsumedRecord record, out Guid id)
    {
        id = default;
        if (record.Headers.Text(RecordHeaders.NotificationId) is { } text)
            return Guid.TryParse(text, out id) && UuidV7.TryGetTime(id, out var made) && IsPlausible(made);
        if (record.Time is not { } at || !IsPlausible(at))
            return false;
        id = UuidV7.Derive(at, Encoding.UTF8.GetBytes($"{record.Topic}/{record.Partition}/{record.Offset}"));
        return true;
    }
}

/// <summary>A usable notification, or a dead letter's cause.</summary>
internal sealed record ReadResult(IncomingNotification? Notification, string? Cause, string? Detail)
{
    public static ReadResult Dead(string cause, string detail) => new(null, cause, detail);
}
