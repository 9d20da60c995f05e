using System.Security.Cryptography;
using System.Text;

namespace Notify.Workers.Push.Tokens;

/// <summary>Tokens of which something was learned from the provider's answers. What is kept is 8 bytes of each one's hash.</summary>
/// <param name="most">Those beyond are not remembered.</param>
internal sealed class TokenSet(int most = 200_000)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long> _tokens = [];

    public bool Contains(string token)
    {
        lock (_lock)
            return _tokens.Count > 0 && _tokens.Contains(HashOf(token));
    }

    public void Add(string token)
    {
        lock (_lock)
        {
            if (_tokens.Count < most)
                _tokens.Add(HashOf(token));
        }
    }

    public static long HashOf(string token) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
