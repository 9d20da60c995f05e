using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Notify.Api.Notifications;

/// <summary>
/// One form for each JSON value, to tell whether two bodies mean the same: neither white space nor the order of an object's members nor
/// how a character is escaped makes a difference (RFC 8259 §4, §7). Numbers are compared as they are written, since a payload's number
/// travels as its text.
/// </summary>
internal static class CanonicalJson
{
    // What is deeper than any request may be is refused anyway; it is compared as it stands, so that nobody's nesting ends this process.
    private const int MaxDepth = 64;

    /// <summary>SHA-256 of that form.</summary>
    /// <param name="json">Well-formed.</param>
    public static byte[] Hash(ReadOnlySpan<byte> json)
    {
        var form = new ArrayBufferWriter<byte>(json.Length + 256);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        Write(ref reader, json, form);
        return SHA256.HashData(form.WrittenSpan);
    }

    private static void Write(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ArrayBufferWriter<byte> form)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                WriteText('d', json[start..(int)reader.BytesConsumed], form);
                break;
            case JsonTokenType.StartObject:
                WriteObject(ref reader, json, form);
                break;
            case JsonTokenType.StartArray:
                form.Write("["u8);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    Write(ref reader, json, form);
                form.Write("]"u8);
                break;
            case JsonTokenType.String:
                WriteString(ref reader, form);
                break;
            default:
                WriteText('v', reader.ValueSpan, form);
                break; // a number, true, false, null
        }
    }

    private static void WriteObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ArrayBufferWriter<byte> form)
    {
        var members = new List<byte[]>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = new ArrayBufferWriter<byte>();
            WriteString(ref reader, member);
            reader.Read();
            Write(ref reader, json, member);
            members.Add(member.WrittenSpan.ToArray());
        }
        members.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        form.Write("{"u8);
        foreach (var member in members)
            form.Write(member);
        form.Write("}"u8);
    }

    private static void WriteString(ref Utf8JsonReader reader, ArrayBufferWriter<byte> form)
    {
        if (!reader.ValueIsEscaped)
        {
            WriteText('s', reader.ValueSpan, form);
            return;
        }
        var text = new byte[reader.ValueSpan.Length]; // an escape is never shorter than what it stands for
        try
        {
            WriteText('s', text.AsSpan(0, reader.CopyString(text)), form);
        }
        catch (InvalidOperationException)
        {
            WriteText('x', reader.ValueSpan, form); // half of a surrogate pair: in an item that is refused
        }
    }

    /// <summary>With its length before it, so that no text can look like another's end.</summary>
    private static void WriteText(char kind, ReadOnlySpan<byte> text, ArrayBufferWriter<byte> form)
    {
        var head = form.GetSpan(5);
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(head[1..], text.Length);
        form.Advance(5);
        form.Write(text);
    }
}
