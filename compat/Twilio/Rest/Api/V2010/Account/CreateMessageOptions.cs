using System.Globalization;
using Twilio.Types;

namespace Twilio.Rest.Api.V2010.Account;

/// <summary>What a message is made of.</summary>
public class CreateMessageOptions
{
    public CreateMessageOptions(PhoneNumber to) => To = to;

    public PhoneNumber To { get; }

    /// <summary>The account that sends; null for the client's.</summary>
    public string PathAccountSid { get; set; }

    public Uri StatusCallback { get; set; }

    /// <summary>Seconds the message may stay in Twilio's queue, 1 to 36000.</summary>
    public int? ValidityPeriod { get; set; }

    public PhoneNumber From { get; set; }

    public string MessagingServiceSid { get; set; }

    public string Body { get; set; }

    public List<KeyValuePair<string, string>> GetParams()
    {
        var form = new List<KeyValuePair<string, string>>();
        Add("To", To, To?.ToString());
        Add("StatusCallback", StatusCallback, StatusCallback?.OriginalString);
        Add("ValidityPeriod", ValidityPeriod, ValidityPeriod?.ToString(CultureInfo.InvariantCulture));
        Add("From", From, From?.ToString());
        Add("MessagingServiceSid", MessagingServiceSid, MessagingServiceSid);
        Add("Body", Body, Body);
        return form;

        // As in the real package, what decides is whether the option was set: a PhoneNumber made of null is sent as an empty field.
        void Add(string name, object option, string value)
        {
            if (option != null)
                form.Add(new(name, value));
        }
    }
}
