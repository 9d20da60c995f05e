using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Channels;

/// <summary>Text messages to a person's phone number.</summary>
internal sealed class SmsChannel() : ChannelDefinition(Channel.Sms, "sms")
{
    public override string SelfCheckSetting => "Phone";

    public override bool Reaches(RecipientTarget target) => target.Phone is not null;

    public override RecipientTarget PartOf(RecipientTarget target) => new() { Phone = target.Phone };

    public override IEnumerable<ChannelAddress> AddressesOf(Profile profile) => profile.Phone is { } number ? [new(number, null)] : [];

    public override string? AddressOf(string text) => Addresses.IsPhone(text) ? text : null;

    public override string ExpectedAddress => "Not a phone number in E.164; expected a form such as +15005550006.";

    public override string OwnersSql => "SELECT recipient_id FROM recipients WHERE tenant_id = @tenant AND phone IN (@address, @given)";

    public override void CheckContent(NotificationRequest request, MessageContent message, List<FieldError> errors)
    {
        var (field, body) = message.Sms?.Body is { } own ? ("message.sms.body", own) : ("message.body", message.Body);
        if (string.IsNullOrEmpty(body))
            AddOnce(errors, new(field, "required", "A text message needs a body: message.body or message.sms.body."));
        else if (body.Length > NotificationLimits.SmsCharacters)
            errors.Add(
                new(
                    field,
                    "too_long",
                    $"A text message has at most {NotificationLimits.SmsCharacters} characters; this has {body.Length}. Shorten it, give message.sms.body, or leave sms out of channels."
                )
            );
    }

    public override void CheckCharacters(MessageContent message, List<FieldError> errors) =>
        CheckText("message.sms.body", message.Sms?.Body, errors);

    public override DeliveryContent ContentOf(NotificationRequest request) =>
        new() { Body = request.Message?.Sms?.Body ?? request.Message?.Body };
}
