using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;
using Notify.Core.Notifications;

namespace Notify.Core.Deliveries.Lanes;

/// <summary>Makes a job of a record, or says why there can be none.</summary>
public sealed class DeliveryReader<TMessage>(Channel channel, Func<DeliveryRecord, TMessage> render)
{
    public bool TryRead(ConsumedRecord record, [NotNullWhen(true)] out DeliveryJob<TMessage>? job, [NotNullWhen(false)] out string? cause)
    {
        (job, cause) = (null, null);
        if (record.Headers.Text(RecordHeaders.SchemaVersion) is { } version && version != RecordHeaders.Version1)
            cause = DeadLetterCauses.UnknownVersion;
        else if (record.Headers.Text(RecordHeaders.Tenant) is not { } tenant || !StoredText.IsName(tenant, 64))
            cause = DeadLetterCauses.NoTenant;
        else if (Parse(record) is not { } delivery)
            cause = DeadLetterCauses.Unreadable;
        else if (!TryRender(delivery, out var message))
            cause = DeadLetterCauses.Failed;
        else
            job = new(record, new(tenant, delivery.Id), delivery, message);
        return cause is null;
    }

    /// <summary>False where one record breaks the rendering: that must not end the lane, which would meet it again after each restart.</summary>
    private bool TryRender(DeliveryRecord delivery, [NotNullWhen(true)] out TMessage? message)
    {
        try
        {
            message = render(delivery)!;
            return true;
        }
#pragma warning disable CA1031 // Whatever comes out of it, it is this record's.
        catch (Exception)
#pragma warning restore CA1031
        {
            message = default;
            return false;
        }
    }

    private DeliveryRecord? Parse(ConsumedRecord record)
    {
        try
        {
            var delivery = JsonSerializer.Deserialize(record.Value, DeliveryJson.Default.DeliveryRecord);
            return delivery is { Address: not null, Content: not null, Priority: not null } && UuidV7.TryGetTime(delivery.Id, out _) && (channel != Channel.Push || delivery.Device is not null)
                ? delivery
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
