using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Notify.Api.Keys;

/// <summary>How keys look and how they are kept.</summary>
internal static class KeyText
{
    /// <summary>256 random bits behind a prefix that secret scanners can recognise.</summary>
    public static string New() => "ntf_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored and looked up.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
