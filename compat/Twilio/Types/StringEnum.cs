namespace Twilio.Types;

/// <summary>A word from an open set: a word this version does not know is kept, not refused.</summary>
public abstract class StringEnum
{
    private string _value;

    protected StringEnum()
    {
    }

    protected StringEnum(string value) => _value = value;

    public static bool operator ==(StringEnum a, StringEnum b) => Equals(a, b);

    public static bool operator !=(StringEnum a, StringEnum b) => !Equals(a, b);

    public void FromString(string value) => _value = value;

    public override bool Equals(object obj) => obj is StringEnum other && other.GetType() == GetType() && other._value == _value;

    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _value;
}
