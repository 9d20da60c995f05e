using Twilio.Types;

namespace Twilio.Rest;

/// <summary>The first label of the API's host.</summary>
public sealed class Domain : StringEnum
{
    public static readonly Domain Api = new("api");

    public Domain()
    {
    }

    private Domain(string value) : base(value)
    {
    }

    public static implicit operator Domain(string value) => new(value);
}
