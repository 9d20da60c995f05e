using Notify.Core.Notifications;
using Notify.Core.Recipients;

namespace Notify.Core.Channels;

/// <summary>Mail to a person's address.</summary>
internal sealed class EmailChannel() : ChannelDefinition(Channel.Email, "email")
{
    public override string SelfCheckSetting => "Email";

    public override bool Reaches(RecipientTarget target) => target.Email is not null;

    public override RecipientTarget PartOf(RecipientTarget target) => new() { Email = target.Email };

    /// <summary>One domain has one form, so that one mailbox is one delivery.</summary>
    public override IEnumerable<ChannelAddress> AddressesOf(Profile profile) =>
        profile.Email is { } address ? [new(MailDomain.InAddress(address), null)] : [];

    public override string? AddressOf(string text) => Addresses.IsEmail(text) ? MailDomain.InAddress(text) : null;

    public override string ExpectedAddress => "Not a mail address; expected a form such as name@example.com.";

    public override string OwnersSql => "SELECT recipient_id FROM recipients WHERE tenant_id = @tenant AND email IN (@address, @given)";

    public override void CheckContent(NotificationRequest request, MessageContent message, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(message.Email?.Text ?? message.Body) && string.IsNullOrEmpty(message.Email?.Html))
            AddOnce(
                errors,
                new("message.body", "required", "A mail needs a body: message.body, message.email.text or message.email.html.")
            );
        var (field, subject) = message.Email?.Subject is { } own ? ("message.email.subject", own) : ("message.title", message.Title);
        if (string.IsNullOrEmpty(subject))
            errors.Add(new(field, "required", "A mail needs a subject: message.title or message.email.subject."));
        else if (subject.Length > NotificationLimits.SubjectCharacters)
            errors.Add(
                new(
                    field,
                    "too_long",
                    $"A mail's subject has at most {NotificationLimits.SubjectCharacters} characters; this has {subject.Length}."
                )
            );
        else if (subject.AsSpan().ContainsAny('\r', '\n', '\0'))
            errors.Add(new(field, "invalid", "A mail's subject is one line: no line breaks."));
    }

    public override void CheckCharacters(MessageContent message, List<FieldError> errors)
    {
        CheckText("message.email.subject", message.Email?.Subject, errors);
        CheckText("message.email.text", message.Email?.Text, errors);
        CheckText("message.email.html", message.Email?.Html, errors);
    }

    public override DeliveryContent ContentOf(NotificationRequest request) =>
        new()
        {
            Title = request.Message?.Email?.Subject ?? request.Message?.Title,
            Body = request.Message?.Email?.Text ?? request.Message?.Body,
            Html = request.Message?.Email?.Html,
        };
}
