namespace MailKit;

public class ServiceNotConnectedException : InvalidOperationException
{
    public ServiceNotConnectedException() : base("The service is not connected.")
    {
    }

    public ServiceNotConnectedException(string message) : base(message)
    {
    }

    public ServiceNotConnectedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
