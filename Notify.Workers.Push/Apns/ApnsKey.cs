using System.Security.Cryptography;

namespace Notify.Workers.Push.Apns;

/// <summary>Reads the signing key (P-256, PKCS #8 in PEM).</summary>
internal static class ApnsKey
{
    /// <exception cref="CryptographicException">It is no P-256 key.</exception>
    public static ECDsa Read(ApnsOptions options)
    {
        var pem = string.IsNullOrEmpty(options.PrivateKey)
            ? File.ReadAllText(options.PrivateKeyFile!)
            : options.PrivateKey.Replace("\\n", "\n", StringComparison.Ordinal);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256 && key.ExportParameters(true).D is not null)
                return key;
            throw new CryptographicException("Not the private key of a P-256 pair.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>What keeps these options from giving a key, without anything of it; null if nothing does.</summary>
    public static string? FindFault(ApnsOptions options)
    {
        if (string.IsNullOrEmpty(options.PrivateKey) && string.IsNullOrEmpty(options.PrivateKeyFile))
            return "Push:Apns:PrivateKey is missing. Set it to the text of the .p8 file of the signing key, or Push:Apns:PrivateKeyFile to its path.";
        if (string.IsNullOrEmpty(options.PrivateKey) && !File.Exists(options.PrivateKeyFile))
            return "Push:Apns:PrivateKeyFile names a file that is not there. Set it to the path of the .p8 file of the signing key.";
        try
        {
            Read(options).Dispose();
            return null;
        }
        catch (Exception unusable)
            when (unusable is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return "Push:Apns has a key that is no P-256 private key in PEM. Use the .p8 file from the Apple developer account: Certificates, Identifiers & Profiles, Keys.";
        }
    }
}
