using System.Collections;
using System.Text;

namespace MimeKit;

public class Multipart(string subtype) : MimeEntity, IEnumerable<MimeEntity>
{
    private readonly List<MimeEntity> _parts = [];

    public int Count => _parts.Count;

    public MimeEntity this[int index] => _parts[index];

    public void Add(MimeEntity part)
    {
        ArgumentNullException.ThrowIfNull(part);
        _parts.Add(part);
    }

    public IEnumerator<MimeEntity> GetEnumerator() => _parts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal override byte[] Encode()
    {
        var boundary = $"=-{Guid.NewGuid():N}";   // no encoding of a part can produce "=-"; in plain text 128 random bits do
        Headers.Replace(HeaderId.ContentType, $"multipart/{subtype}; boundary=\"{boundary}\"");
        using var content = new MemoryStream();
        foreach (var part in _parts)
        {
            content.Write(Encoding.ASCII.GetBytes($"--{boundary}\r\n"));
            EntityWriter.Write(content, part.Encode(), part.Headers);
            content.Write("\r\n"u8);
        }

        content.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return content.ToArray();
    }
}
