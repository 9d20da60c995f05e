namespace MailKit.Security;

/// <summary>The server refused the credentials; its reply is in the inner exception.</summary>
public class AuthenticationException : Exception
{
    public AuthenticationException() : base("Authentication failed.")
    {
    }

    public AuthenticationException(string message) : base(message)
    {
    }

    public AuthenticationException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
