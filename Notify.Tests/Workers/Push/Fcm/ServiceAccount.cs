using System.Security.Cryptography;
using System.Text.Json;

namespace Notify.Tests.Workers.Push.Fcm;

/// <summary>A service account of nobody, whose access tokens come from a stub.</summary>
internal static class ServiceAccount
{
    public const string Email = "sender@demo-project.iam.gserviceaccount.test";

    public static RSA Key { get; } = RSA.Create(2048);

    public static string Json(Uri tokenUri) =>
        JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["project_id"] = "demo-project",
                ["private_key_id"] = "abc123",
                ["private_key"] = Key.ExportPkcs8PrivateKeyPem(),
                ["client_email"] = Email,
                ["client_id"] = "1",
                ["token_uri"] = tokenUri.AbsoluteUri,
            }
        );
}
