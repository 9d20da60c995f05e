namespace Notify.Core.Channels;

/// <summary>How a text message's characters travel.</summary>
public enum SmsEncoding
{
    /// <summary>The GSM 7-bit default alphabet and its extension table.</summary>
    Gsm7,

    /// <summary>16-bit units, as soon as one character is outside GSM-7.</summary>
    Ucs2,
}
