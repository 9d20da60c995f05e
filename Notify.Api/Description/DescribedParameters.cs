using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Notify.Core.Notifications;

namespace Notify.Api.Description;

/// <summary>Parts of paths and queries. Handlers read them as text, so that what is wrong with them can be said in our words.</summary>
internal static class DescribedParameters
{
    private const string Uuid = "01a22d49-e674-74f4-8d50-8d9ed2b9b096";

    public static void Complete(OpenApiDocument document, string operation, OpenApiParameter parameter)
    {
        (string Description, IOpenApiSchema Schema, JsonNode Example) described = parameter.Name switch
        {
            "id" when operation.EndsWith("Recipient", StringComparison.Ordinal) || operation.EndsWith("Device", StringComparison.Ordinal) =>
                ("Your own id of the person.", Text(NotificationLimits.RecipientIdLength), "user-1"),
            "id" => ("The id that the API gave.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" }, Uuid),
            "categoryId" => ("Your own id of the category.", Text(NotificationLimits.CategoryLength), "orders.shipping"),
            "address" => ("Exactly this address of the channel.", Text(), "ada@example.test"),
            "deviceId" => ("Your own id of the device.", Text(NotificationLimits.RecipientIdLength), "phone"),
            "limit" => ("Entries of a page; 50 where it is left out.", Number(1, 200), 50),
            "after" => ("next of the page before.", Text(), "01a22d49-ca68-7629-b9fc-ab1f6b557014"),
            "cursor" => ("next of the page before.", Text(), "8de8a1b0c3d4e50-01a22d49ca687629b9fcab1f6b557014"),
            "unassigned" => (
                "What belongs to no tenant; needs the scope operate too.",
                new OpenApiSchema { Type = JsonSchemaType.Boolean },
                false
            ),
            "include" => ("A record's key, headers and value too, in base64; that is written to the audit log.", Names("value"), "value"),
            "from" => ("Of this moment and later.", Time(), "2026-11-30T00:00:00Z"),
            "to" => ("Before this moment.", Time(), "2026-12-01T00:00:00Z"),
            "channel" => ("One channel.", Names("Channel", document), "email"),
            "kind" => ("Records or deliveries.", Names("DeadLetterKind", document), "delivery"),
            "state" when operation == "ListNotifications" => (
                "Notifications with a delivery in this state; only together with recipient.",
                Names("DeliveryState", document),
                "failed"
            ),
            "state" when operation == "ListNotificationsOfRecipient" => (
                "Notifications with a delivery in this state.",
                Names("DeliveryState", document),
                "failed"
            ),
            "state" => ("One state.", Names("DeadLetterState", document), "open"),
            "recipient" => (
                "Notifications to this registered recipient, by your own id.",
                Text(NotificationLimits.RecipientIdLength),
                "user-1"
            ),
            "email" => ("The recipients with exactly this address.", Text(254), "ada@example.test"),
            "phone" => ("The recipients with exactly this number.", Text(16), "+15005550009"),
            "subject" => ("The id of a dead letter or replay.", Text(64), "01a22d49-c8ee-704c-9a9a-7824303ec734"),
            "fingerprint" => ("A group of letters.", Text(256), "eb5737c930a1dce9"),
            "provider" => ("The provider that was asked last.", Text(256), "smtp"),
            "code" => ("The provider's last code.", Text(256), "451 4.3.0"),
            "name" => ("A provider of devices.", new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["fcm", "apns"] }, "fcm"),
            "since" => (
                "Devices that were refused at this moment or later; a day ago where it is left out, at most 90 days.",
                Time(),
                "2026-11-30T08:00:00Z"
            ),
            "cause" => ("Our word for why.", Text(256), "attempts_exhausted"),
            _ => throw new InvalidOperationException($"{operation} has a parameter {parameter.Name} that nobody described."),
        };
        (parameter.Description, parameter.Schema, parameter.Example) = described;
    }

    private static OpenApiSchema Text(int? most = null) =>
        new()
        {
            Type = JsonSchemaType.String,
            MinLength = 1,
            MaxLength = most,
        };

    private static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    private static OpenApiSchema Number(int least, int most) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = $"{least}",
            Maximum = $"{most}",
        };

    private static OpenApiSchema Names(string value) => new() { Type = JsonSchemaType.String, Enum = [value] };

    private static OpenApiSchemaReference Names(string set, OpenApiDocument document) => new(set, document);
}
