namespace Twilio.Exceptions;

/// <summary>The API refused with a body in the form of RFC 9457.</summary>
public class ApiStandardException : TwilioException
{
    internal ApiStandardException(int code, int status, string type, string title, string detail, string instance) : base(detail ?? title)
    {
        Code = code;
        Status = status;
        Type = type;
        Title = title;
        Detail = detail;
        Instance = instance;
    }

    /// <summary>Twilio's error code.</summary>
    public int Code { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    public string Type { get; }

    public string Title { get; }

    public string Detail { get; }

    public string Instance { get; }
}
