using System.Buffers;
using System.Text;
using System.Text.Json;
using Notify.Core.Channels;

namespace Notify.Tests.Core.Channels;

public sealed class RequiredEscapesTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"\\/", "\\\"\\\\/")]
    [InlineData("\b\t\n\f\r", "\\b\\t\\n\\f\\r")]
    [InlineData("\0\v\x1F\x7F", "\\u0000\\u000b\\u001f\x7F")]
    [InlineData("ä€😀\u2028\u0085<>&'+`", "ä€😀\u2028\u0085<>&'+`")]
    public void Text_is_written_with_what_json_requires(string text, string expected)
    {
        Assert.Equal($"\"{expected}\"", Written(text));
        Assert.Equal(Encoding.UTF8.GetByteCount(expected), RequiredEscapes.LengthOf(text));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(Written(text)));
    }

    [Fact]
    public void Every_character_is_read_back_as_it_was_and_its_length_known()
    {
        for (var scalar = 0; scalar <= 0x10FFFF; scalar++)
        {
            if (scalar is >= 0xD800 and <= 0xDFFF)
                continue;
            var text = char.ConvertFromUtf32(scalar);
            var written = Written(text);
            Assert.Equal(Encoding.UTF8.GetByteCount(written) - 2, RequiredEscapes.LengthOf(text));
            Assert.True(
                written.Length == text.Length + 2 || scalar < 0x20 || scalar is '"' or '\\',
                $"U+{scalar:X4} is written as {written}."
            );
        }
    }

    private static string Written(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = RequiredEscapes.Encoder }))
            json.WriteStringValue(text);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
