using Notify.Core.Channels;
using Notify.Core.Notifications;
using Notify.Core.Recipients;
using Notify.Core.Routing;

namespace Notify.Tests.Core.Notifications;

public sealed class MailDomainTests
{
    [Theory]
    [InlineData("example.test", "example.test")]
    [InlineData("EXAMPLE.Test", "example.test")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("bu\u0308cher.example", "xn--bcher-kva.example")]
    [InlineData("BU\u0308CHER.example", "xn--bcher-kva.example")]
    [InlineData("XN--bcher-KVA.example", "xn--bcher-kva.example")]
    [InlineData("ｅｘａｍｐｌｅ.test", "example.test")]
    [InlineData("例え。テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("пример．испытание", "xn--e1afmkfd.xn--80akhbyknj4f")]
    [InlineData("उदाहरण.परीक्षा", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g")]
    [InlineData("straße.example", "xn--strae-oqa.example")] // another domain than strasse.example, and what IDNA 2003 made of it
    [InlineData("STRAẞE.example", "xn--strae-oqa.example")]
    [InlineData("xn--strae-oqa.example", "xn--strae-oqa.example")]
    [InlineData("βόλος.example", "xn--nxasmm1c.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("i❤.example", "xn--i-7iq.example")]
    [InlineData("a--b.example", "a--b.example")]
    [InlineData("1.example", "1.example")]
    public void Domain_is_mapped_as_browsers_map_it(string domain, string expected)
    {
        Assert.True(MailDomain.TryToAscii(domain, out var ascii));
        Assert.Equal(expected, ascii);
        Assert.True(MailDomain.TryToAscii(ascii, out var again));
        Assert.Equal(ascii, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData(".example")]
    [InlineData("a..example")]
    [InlineData("a.example.")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a_b.example")]
    [InlineData("a b.example")]
    [InlineData("\u00ad.example")] // mapped to nothing
    [InlineData("xn--.example")]
    [InlineData("xn--a.example")]
    [InlineData("xn--abc-.example")]
    [InlineData("xn--BCHER-KVA9.example")]
    [InlineData("xn--ls8h=.example")]
    [InlineData("\ufffd.example")]
    [InlineData("\u0378.example")] // unassigned
    [InlineData("⒈com.example")] // maps to what has a full stop in it
    [InlineData("a\u200cb.example")] // without the joiner it is another name
    [InlineData("ß\u2028.example")]
    [InlineData("\ud800.example")]
    [InlineData("a／b.example")]
    [InlineData("a＠b.example")]
    public void What_has_no_valid_name_is_refused(string domain) => Assert.False(MailDomain.TryToAscii(domain, out _));

    [Fact]
    public void Label_and_domain_are_measured_as_they_are_sent()
    {
        Assert.True(MailDomain.TryToAscii($"{new string('é', 55)}.example", out _));
        Assert.False(MailDomain.TryToAscii($"{new string('é', 63)}.example", out _));
        Assert.False(MailDomain.TryToAscii(string.Join('.', Enumerable.Repeat(new string('a', 63), 4)), out _));
    }

    [Theory]
    [InlineData("x@Example.TEST", "x@example.test")]
    [InlineData("X@bücher.example", "X@xn--bcher-kva.example")]
    [InlineData("no address", "no address")]
    public void Only_the_domain_of_an_address_is_mapped(string address, string expected) =>
        Assert.Equal(expected, MailDomain.InAddress(address));

    [Fact]
    public void Spellings_of_one_domain_are_one_delivery_to_its_sent_form()
    {
        var request = new NotificationRequest
        {
            Recipients =
            [
                .. new[] { "x@Example.TEST", "x@example.test", "x@BÜCHER.example", "x@bu\u0308cher.example", "X@example.test" }.Select(
                    email => new RecipientTarget { Email = email }
                ),
            ],
            Channels = ["email"],
            Message = new() { Title = "T", Body = "B" },
        };

        var planned = Candidates.Of(
            "acme",
            UuidV7.New(TimeProvider.System.GetUtcNow()),
            request,
            new Dictionary<(string, string), Profile>(),
            [Channel.Email]
        );

        Assert.Equal(["x@example.test", "x@xn--bcher-kva.example", "X@example.test"], planned.Select(delivery => delivery.Address));
        Assert.All(planned, delivery => Assert.Equal(Channel.Email, delivery.Channel));
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("a-b.c1.example", true)]
    [InlineData("localhost", false)]
    [InlineData("a..b", false)]
    [InlineData("-a.example", false)]
    [InlineData("a.example.", false)]
    [InlineData("Example.com", false)]
    [InlineData("xn--bcher-kva.example", false)]
    [InlineData("b\u00fccher.example", false)]
    public void Plain_domain_is_sent_as_it_is(string domain, bool isPlain)
    {
        Assert.Equal(isPlain, MailDomain.IsPlain(domain));
        if (isPlain)
            Assert.True(MailDomain.TryToAscii(domain, out var ascii) && ascii == domain);
    }
}
