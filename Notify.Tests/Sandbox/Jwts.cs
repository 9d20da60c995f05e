using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Notify.Tests.Sandbox;

/// <summary>Tokens as clients send them; the signature is any.</summary>
internal static class Jwts
{
    public static string Google(long? exp = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return Make(
            """{"alg":"RS256"}""",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"iss":"a@b.iam","scope":"https://www.googleapis.com/auth/firebase.messaging","aud":"https://oauth2.googleapis.com/token","iat":{{now}},"exp":{{exp ?? now + 3600}}}"""
            )
        );
    }

    public static string Apns(DateTimeOffset issued) =>
        Make(
            """{"alg":"ES256","kid":"ABCDE12345"}""",
            string.Create(CultureInfo.InvariantCulture, $$"""{"iss":"TEAM123456","iat":{{issued.ToUnixTimeSeconds()}}}""")
        );

    private static string Make(string header, string claims) => $"{Encode(header)}.{Encode(claims)}.c2lnbmF0dXJl";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
