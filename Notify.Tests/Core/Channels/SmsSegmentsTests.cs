using Notify.Core.Channels;

namespace Notify.Tests.Core.Channels;

public sealed class SmsSegmentsTests
{
    private const string Emoji = "😀";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(160, 1)]
    [InlineData(161, 2)]
    [InlineData(306, 2)]
    [InlineData(307, 3)]
    [InlineData(459, 3)]
    [InlineData(460, 4)]
    public void Gsm7_text_holds_160_or_153_characters_a_part(int length, int parts) =>
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, parts), SmsSegments.Of(new string('a', length)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(70, 1)]
    [InlineData(71, 2)]
    [InlineData(134, 2)]
    [InlineData(135, 3)]
    [InlineData(201, 3)]
    [InlineData(202, 4)]
    public void Ucs2_text_holds_70_or_67_units_a_part(int length, int parts) =>
        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, parts), SmsSegments.Of(new string('ж', length)));

    [Theory]
    [InlineData(80, 1)]
    [InlineData(81, 2)]
    [InlineData(152, 2)] // 76 in each: the 153rd septet of a part stays empty
    [InlineData(153, 3)]
    public void Extension_character_takes_two_septets(int length, int parts) =>
        Assert.Equal(new SmsSegments(SmsEncoding.Gsm7, parts), SmsSegments.Of(new string('€', length)));

    [Theory]
    [InlineData(158, "€", 0, 1)]
    [InlineData(159, "€", 0, 2)]
    [InlineData(152, "€", 151, 2)] // 305 septets, but the pair at 153 and 154 moves on as one: 152 + 153
    [InlineData(152, "€", 152, 3)] // 306 septets would fit two parts if it could be split
    [InlineData(151, "€", 153, 2)]
    public void Extension_character_is_not_split_between_parts(int before, string extension, int after, int parts) =>
        Assert.Equal(parts, SmsSegments.Of(new string('a', before) + extension + new string('b', after)).Count);

    [Theory]
    [InlineData(34, 1, 1)]
    [InlineData(35, 0, 1)]
    [InlineData(35, 1, 2)]
    [InlineData(33, 67, 2)]
    [InlineData(66, 0, 2)] // 33 in each: the 67th unit of a part stays empty
    [InlineData(67, 0, 3)]
    public void Surrogate_pair_is_not_split_between_parts(int emoji, int after, int parts) =>
        Assert.Equal(
            new SmsSegments(SmsEncoding.Ucs2, parts),
            SmsSegments.Of(string.Concat(Enumerable.Repeat(Emoji, emoji)) + new string('a', after))
        );

    [Theory]
    [InlineData("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0189:;<=>?¡AZÄÖÑÜ§¿azäöñüà", SmsEncoding.Gsm7)]
    [InlineData("\f^{}\\[~]|€", SmsEncoding.Gsm7)]
    [InlineData("ç", SmsEncoding.Ucs2)]
    [InlineData("`", SmsEncoding.Ucs2)]
    [InlineData("’", SmsEncoding.Ucs2)]
    [InlineData("–", SmsEncoding.Ucs2)]
    [InlineData("\t", SmsEncoding.Ucs2)]
    [InlineData("\u001b", SmsEncoding.Ucs2)] // the escape to the extension table is no character
    [InlineData("Α", SmsEncoding.Ucs2)] // Greek Alpha looks like A and is not in the alphabet
    [InlineData(Emoji, SmsEncoding.Ucs2)]
    public void Encoding_follows_the_characters(string text, SmsEncoding encoding) =>
        Assert.Equal(new SmsSegments(encoding, 1), SmsSegments.Of(text));

    [Fact]
    public void Gsm7_alphabet_has_137_characters() =>
        Assert.Equal(127 + 10, Enumerable.Range(0, 0x10000).Count(unit => SmsSegments.Of([(char)unit]).Encoding == SmsEncoding.Gsm7));

    [Fact]
    public void One_foreign_character_turns_the_whole_text() =>
        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 3), SmsSegments.Of(new string('a', 159) + "ж"));

    [Fact]
    public void Lone_surrogates_count_as_one_unit_each() =>
        Assert.Equal(new SmsSegments(SmsEncoding.Ucs2, 1), SmsSegments.Of(new string('\ud83d', 70)));
}
