namespace MailKit;

/// <summary>Sees every byte of a session: the client's after they were written, the server's as they were read.</summary>
public interface IProtocolLogger : IDisposable
{
    IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; }

    void LogConnect(Uri uri);

    void LogClient(byte[] buffer, int offset, int count);

    void LogServer(byte[] buffer, int offset, int count);
}
