namespace MailKit;

/// <summary>The server asks for authentication first (reply 530).</summary>
public class ServiceNotAuthenticatedException : InvalidOperationException
{
    public ServiceNotAuthenticatedException() : base("The service is not authenticated.")
    {
    }

    public ServiceNotAuthenticatedException(string message) : base(message)
    {
    }

    public ServiceNotAuthenticatedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
