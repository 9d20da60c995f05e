namespace Notify.Sandbox.Recording;

/// <summary>Names of providers and their channels on the wire.</summary>
internal static class ProviderNames
{
    public static readonly IReadOnlyList<Provider> All = Enum.GetValues<Provider>();

    public static string NameOf(Provider provider) =>
        provider switch
        {
            Provider.Fcm => "fcm",
            Provider.Apns => "apns",
            Provider.Smtp => "smtp",
            Provider.Twilio => "twilio",
            Provider.SendGrid => "sendgrid",
            Provider.Gateway => "gateway",
            Provider.Token => "token",
            _ => throw new ArgumentOutOfRangeException(nameof(provider)),
        };

    public static string ChannelOf(Provider provider) =>
        provider switch
        {
            Provider.Fcm or Provider.Apns => "push",
            Provider.Smtp or Provider.SendGrid => "email",
            Provider.Twilio or Provider.Gateway => "sms",
            _ => throw new ArgumentOutOfRangeException(nameof(provider)),
        };

    public static Provider? Parse(string? name)
    {
        foreach (var provider in All)
        {
            if (string.Equals(name, NameOf(provider), StringComparison.Ordinal))
                return provider;
        }

        return null;
    }
}
