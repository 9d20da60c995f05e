using System.Security.Cryptography;
using System.Text.Json;

namespace Notify.AppHost.Providers;

/// <summary>Credentials in the providers' own forms that open nothing but the sandbox; made anew by each run.</summary>
internal static class SandboxKeys
{
    private const int RsaBits = 2048;

    /// <summary>A Google service account whose token endpoint is the sandbox.</summary>
    public static ReferenceExpression ServiceAccount(string projectId, EndpointReference sandbox)
    {
        using var key = RSA.Create(RsaBits);
        var before = JsonSerializer.Serialize(
            new Dictionary<string, string>
            {
                ["type"] = "service_account",
                ["project_id"] = projectId,
                ["private_key_id"] = "sandbox",
                ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
                ["client_email"] = $"notify@{projectId}.iam.gserviceaccount.com",
                ["client_id"] = "100000000000000000000",
            }
        );
        var account = new ReferenceExpressionBuilder();
        account.AppendLiteral(Literal(before[..^1] + ",\"token_uri\":\""));
        account.AppendFormatted(sandbox);
        account.AppendLiteral(Literal("/token\"}"));
        return account.Build();

        // A literal is part of a format string.
        static string Literal(string text) =>
            text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
    }

    /// <summary>An APNs signing key (PKCS#8, P-256).</summary>
    public static string SigningKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
