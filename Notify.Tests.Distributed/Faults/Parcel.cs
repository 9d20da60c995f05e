using System.Globalization;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One notification to one new address, and the key under which its sender asks again.</summary>
internal sealed record Parcel(string Channel, string Address, object Request)
{
    public string Key { get; } = Guid.NewGuid().ToString();

    public static Parcel Email(string category, string? priority = null) =>
        Of("email", Requests.NewEmail(), address => Requests.Email(address, category: category, priority: priority));

    public static Parcel Sms(string category) => Of("sms", Requests.NewPhone(), address => Requests.Sms(address, category));

    public static Parcel Push(string category) => Of("push", Requests.NewFcmToken(), address => Requests.Fcm(address, category));

    /// <summary>Half mail, a quarter text messages, a quarter push.</summary>
    public static Parcel Any(string category, Random random) =>
        random.Next(4) switch
        {
            0 => Sms(category),
            1 => Push(category),
            _ => Email(category),
        };

    private static Parcel Of(string channel, string address, Func<string, object> request) => new(channel, address, request(address));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channel} {Key}");
}
