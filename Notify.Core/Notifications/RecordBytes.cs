using System.Text;

namespace Notify.Core.Notifications;

/// <summary>What records of notifications and deliveries are made of, as bytes and without a text in between.</summary>
public static class RecordBytes
{
    private const int IdLength = 36;

    /// <summary><c>tenant/recipient</c>: keeps a person's messages on one partition, and so in their order.</summary>
    public static byte[] Key(string tenant, string recipient)
    {
        var length = Encoding.UTF8.GetByteCount(tenant);
        var key = new byte[length + 1 + Encoding.UTF8.GetByteCount(recipient)];
        Encoding.UTF8.GetBytes(tenant, key);
        key[length] = (byte)'/';
        Encoding.UTF8.GetBytes(recipient, key.AsSpan(length + 1));
        return key;
    }

    /// <summary>An id with its hyphens.</summary>
    public static byte[] Id(Guid id)
    {
        var text = new byte[IdLength];
        id.TryFormat(text, out _);
        return text;
    }
}
