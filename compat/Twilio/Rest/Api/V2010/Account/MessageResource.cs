using System.Text.Json;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Http;
using Twilio.Types;

namespace Twilio.Rest.Api.V2010.Account;

/// <summary>A message as the API describes it.</summary>
public class MessageResource
{
    private MessageResource()
    {
    }

    public string Sid { get; private set; }

    public string AccountSid { get; private set; }

    public string MessagingServiceSid { get; private set; }

    public string Body { get; private set; }

    public string To { get; private set; }

    public PhoneNumber From { get; private set; }

    public StatusEnum Status { get; private set; }

    public DirectionEnum Direction { get; private set; }

    public int? ErrorCode { get; private set; }

    public string ErrorMessage { get; private set; }

    /// <summary>A number; 0 at first with a messaging service.</summary>
    public string NumSegments { get; private set; }

    public string Price { get; private set; }

    public string PriceUnit { get; private set; }

    public DateTime? DateCreated { get; private set; }

    public DateTime? DateSent { get; private set; }

    public DateTime? DateUpdated { get; private set; }

    public static MessageResource Create(CreateMessageOptions options, ITwilioRestClient client = null)
    {
        client ??= TwilioClient.GetRestClient();
        return FromJson(client.Request(CreateRequest(options, client)).Content);
    }

    public static async Task<MessageResource> CreateAsync(CreateMessageOptions options, ITwilioRestClient client = null)
    {
        client ??= TwilioClient.GetRestClient();
        var response = await client.RequestAsync(CreateRequest(options, client)).ConfigureAwait(false);
        return FromJson(response.Content);
    }

    /// <summary>Null for an empty text and for <c>null</c>.</summary>
    public static MessageResource FromJson(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return null;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Object => Read(document.RootElement),
                _ => throw new JsonException("A message is a JSON object"),
            };
        }
        catch (JsonException unreadable)
        {
            throw new ApiException(unreadable.Message, unreadable);
        }
    }

    private static Request CreateRequest(CreateMessageOptions options, ITwilioRestClient client) => new(
        HttpMethod.Post,
        Domain.Api,
        $"/2010-04-01/Accounts/{options.PathAccountSid ?? client.AccountSid}/Messages.json",
        postParams: options.GetParams());

    private static MessageResource Read(JsonElement body) => new()
    {
        Sid = Json.Text(body, "sid"),
        AccountSid = Json.Text(body, "account_sid"),
        MessagingServiceSid = Json.Text(body, "messaging_service_sid"),
        Body = Json.Text(body, "body"),
        To = Json.Text(body, "to"),
        From = Json.Text(body, "from") is { } from ? new PhoneNumber(from) : null,
        Status = Json.Text(body, "status") is { } status ? status : null,
        Direction = Json.Text(body, "direction") is { } direction ? direction : null,
        ErrorCode = Json.OptionalInt(body, "error_code"),
        ErrorMessage = Json.Text(body, "error_message"),
        NumSegments = Json.Text(body, "num_segments"),
        Price = Json.Text(body, "price"),
        PriceUnit = Json.Text(body, "price_unit"),
        DateCreated = Json.OptionalDate(body, "date_created"),
        DateSent = Json.OptionalDate(body, "date_sent"),
        DateUpdated = Json.OptionalDate(body, "date_updated"),
    };

    public sealed class StatusEnum : StringEnum
    {
        public static readonly StatusEnum Queued = new("queued");
        public static readonly StatusEnum Sending = new("sending");
        public static readonly StatusEnum Sent = new("sent");
        public static readonly StatusEnum Failed = new("failed");
        public static readonly StatusEnum Delivered = new("delivered");
        public static readonly StatusEnum Undelivered = new("undelivered");
        public static readonly StatusEnum Receiving = new("receiving");
        public static readonly StatusEnum Received = new("received");
        public static readonly StatusEnum Accepted = new("accepted");
        public static readonly StatusEnum Scheduled = new("scheduled");
        public static readonly StatusEnum Read = new("read");
        public static readonly StatusEnum PartiallyDelivered = new("partially_delivered");
        public static readonly StatusEnum Canceled = new("canceled");

        public StatusEnum()
        {
        }

        private StatusEnum(string value) : base(value)
        {
        }

        public static implicit operator StatusEnum(string value) => new(value);
    }

    public sealed class DirectionEnum : StringEnum
    {
        public static readonly DirectionEnum Inbound = new("inbound");
        public static readonly DirectionEnum OutboundApi = new("outbound-api");
        public static readonly DirectionEnum OutboundCall = new("outbound-call");
        public static readonly DirectionEnum OutboundReply = new("outbound-reply");

        public DirectionEnum()
        {
        }

        private DirectionEnum(string value) : base(value)
        {
        }

        public static implicit operator DirectionEnum(string value) => new(value);
    }
}
