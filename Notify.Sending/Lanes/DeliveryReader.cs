using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Sending.Lanes;

/// <summary>
/// Makes a job of a record, or says why there can be none. It runs on the consume thread, and so reads the record and renders nothing.
/// </summary>
public sealed class DeliveryReader(Channel channel)
{
    private byte[] _tenantBytes = [];
    private string _tenant = ""; // of the record before: most are of the same one, and its name need not be made again

    public bool TryRead(ConsumedRecord record, [NotNullWhen(true)] out DeliveryJob? job, [NotNullWhen(false)] out Unreadable? unreadable)
    {
        (job, unreadable) = (null, null);
        var (delivery, known) = Parse(record);
        if (TenantOf(record) is not { } tenant)
            unreadable = new(DeadLetterCauses.NoTenant);
        else if (record.Headers.Text(RecordHeaders.SchemaVersion) is { } version && version != RecordHeaders.Version1)
            unreadable = Known(DeadLetterCauses.UnknownVersion); // an id and an expiry, if it has these, will mean the same
        else if (delivery is null || !IsWhole(delivery))
            unreadable = Known(DeadLetterCauses.Unreadable);
        else
            job = new(record, new(tenant, delivery.Id), delivery);
        return unreadable is null;

        Unreadable Known(string cause) => known is { } row ? new(cause, new DeliveryKey(tenant, row.Id), row.ExpiresAt) : new(cause);
    }

    /// <summary>Null where the record names none, or one that can be none.</summary>
    private string? TenantOf(ConsumedRecord record)
    {
        if (!record.Headers.TryGetLastBytes(RecordHeaders.Tenant, out var bytes) || bytes is null)
            return null;
        if (_tenantBytes.AsSpan().SequenceEqual(bytes) && _tenant.Length > 0)
            return _tenant;
        var tenant = Encoding.UTF8.GetString(bytes);
        if (!StoredText.IsName(tenant, 64))
            return null;
        (_tenantBytes, _tenant) = (bytes, tenant);
        return tenant;
    }

    /// <summary>
    /// Whether everything is there that a send relies on. The serializer sees to it that a required member is named, and takes null for it;
    /// and Postgres cannot hold the character U+0000, which would fail the write of an outcome, with all the outcomes beside it.
    /// </summary>
    private bool IsWhole(DeliveryRecord delivery) =>
        delivery is { Content: not null, Priority: not null }
        && IsStorable(delivery.Address)
        && (delivery.RecipientId is null || IsStorable(delivery.RecipientId))
        && (delivery.Content.Data?.All(pair => pair.Value is not null) ?? true)
        && (delivery.Device?.DeviceId is not { } device || IsStorable(device))
        && ChannelDefinition.Of(channel).IsComplete(delivery.Device);

    private static bool IsStorable(string? text) => text is not null && !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>
    /// The delivery, and what is known of its row: that also where the rest cannot be read. Neither where the id is no UUIDv7: no row has
    /// such a key.
    /// </summary>
    private static (DeliveryRecord? Delivery, (Guid Id, DateTimeOffset ExpiresAt)? Known) Parse(ConsumedRecord record)
    {
        try
        {
            var delivery = JsonSerializer.Deserialize(record.Value, DeliveryJson.Default.DeliveryRecord);
            return delivery is not null && UuidV7.TryGetTime(delivery.Id, out _)
                ? (delivery, (delivery.Id, delivery.ExpiresAt))
                : (null, null);
        }
        catch (Exception fault) when (IsOfTheRecord(fault))
        {
            return (null, Identify(record));
        }
    }

    private static (Guid Id, DateTimeOffset ExpiresAt)? Identify(ConsumedRecord record)
    {
        try
        {
            using var document = JsonDocument.Parse(record.Value);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("id", out var id)
                || id.ValueKind != JsonValueKind.String
                || !id.TryGetGuid(out var known)
                || !UuidV7.TryGetTime(known, out _)
            )
                return null;
            return (
                known,
                root.TryGetProperty("expiresAt", out var expiry)
                && expiry.ValueKind == JsonValueKind.String
                && expiry.TryGetDateTimeOffset(out var expiresAt)
                    ? expiresAt
                    : DateTimeOffset.MaxValue
            );
        }
        catch (Exception fault) when (IsOfTheRecord(fault))
        {
            return null;
        }
    }

    /// <summary>No JSON, another shape, or what is no text: half of a surrogate pair, bytes that are not UTF-8.</summary>
    private static bool IsOfTheRecord(Exception fault) => fault is JsonException or InvalidOperationException or FormatException;
}

/// <summary>Why no job can be made of a record.</summary>
/// <param name="Cause">One of <see cref="DeadLetters.DeadLetterCauses"/>.</param>
/// <param name="Key">Whose record it was; null where not even that can be read.</param>
/// <param name="ExpiresAt">When the delivery expires; without a meaning where the key is null.</param>
public sealed record Unreadable(string Cause, DeliveryKey? Key = null, DateTimeOffset ExpiresAt = default);
