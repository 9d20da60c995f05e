namespace MailKit;

/// <summary>Tells a protocol logger which bytes of a buffer belong to credentials.</summary>
public interface IAuthenticationSecretDetector
{
    IList<AuthenticationSecret> DetectSecrets(byte[] buffer, int offset, int count);
}
