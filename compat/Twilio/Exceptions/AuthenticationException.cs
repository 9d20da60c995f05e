namespace Twilio.Exceptions;

/// <summary>A call was made before credentials were given.</summary>
public class AuthenticationException : TwilioException
{
    public AuthenticationException(string message) : base(message)
    {
    }
}
