namespace Twilio.Exceptions;

/// <summary>The request or its answer was lost on the way; a timeout is one too.</summary>
public class ApiConnectionException : TwilioException
{
    public ApiConnectionException(string message) : base(message)
    {
    }

    public ApiConnectionException(string message, Exception exception) : base(message, exception)
    {
    }
}
