using System.Security.Cryptography;

namespace Notify.Tests.Workers.Push.Apns;

/// <summary>An APNs signing key of nobody.</summary>
internal static class SigningKey
{
    public static ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string Pem { get; } = Key.ExportPkcs8PrivateKeyPem();
}
