namespace MimeKit;

/// <summary>A part of a message: its headers and its content.</summary>
public abstract class MimeEntity
{
    private protected MimeEntity()
    {
    }

    public HeaderList Headers { get; } = [];

    /// <summary>The content as it is written, with CRLF line ends; sets the headers that describe it.</summary>
    internal abstract byte[] Encode();
}
