namespace MailKit.Net.Smtp;

/// <summary>Makes message bytes ready for DATA (RFC 5321 section 4.5.2): CRLF line ends only, a leading dot doubled, the final dot appended.</summary>
internal static class DotStuffing
{
    public static byte[] Apply(ReadOnlySpan<byte> message)
    {
        using var stuffed = new MemoryStream(message.Length + message.Length / 32 + 5);
        var lineStart = true;
        for (var i = 0; i < message.Length; i++)
        {
            var octet = message[i];
            if (octet is (byte)'\r' or (byte)'\n')
            {
                if (octet == '\r' && i + 1 < message.Length && message[i + 1] == '\n')
                    i++;
                stuffed.Write("\r\n"u8);
                lineStart = true;
                continue;
            }

            if (lineStart && octet == '.')
                stuffed.WriteByte((byte)'.');
            stuffed.WriteByte(octet);
            lineStart = false;
        }

        if (!lineStart)
            stuffed.Write("\r\n"u8);
        stuffed.Write(".\r\n"u8);
        return stuffed.ToArray();
    }
}
