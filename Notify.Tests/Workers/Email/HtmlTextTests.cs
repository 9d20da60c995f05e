using Notify.Workers.Email;

namespace Notify.Tests.Workers.Email;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain words", "plain words")]
    [InlineData("  <p>  One \n two </p>\n\n<p>three</p>  ", "One two\n\nthree")]
    [InlineData("<div>a</div><div>b<div>c</div></div>d", "a\nb\nc\nd")]
    [InlineData("a<br>b<br><br>c", "a\nb\n\nc")]
    [InlineData("<b>bo</b>ld <i>it</i>alic", "bold italic")]
    [InlineData("&lt;b&gt; &amp;amp; &#8364; &eacute;&hellip;", "<b> &amp; € é…")]
    [InlineData("<ul><li>one</li><li>two</ul>end", "- one\n- two\n\nend")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc")]
    [InlineData("<a href=\"https://example.test/?a=1&amp;b=2\">here</a>.", "here (https://example.test/?a=1&b=2).")]
    [InlineData("<a href='https://example.test'>https://example.test</a>", "https://example.test")]
    [InlineData("<a href='mailto:a@example.test'>a@example.test</a>", "a@example.test")]
    [InlineData("<a href='javascript:alert(1)'>x</a><a href='#top'>y</a>", "xy")]
    [InlineData("<a href='https://example.test/'><img alt='Logo'></a>", "Logo (https://example.test/)")]
    [InlineData("<a href='https://example.test/'><img src='x'></a>", "https://example.test/")]
    [InlineData("<head><title>T</title><style>p{}</style></head><body>B<script>x()</script></body>", "B")]
    [InlineData("<!doctype html><!-- no --><p>yes", "yes")]
    [InlineData("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd")]
    [InlineData("a<hr>b", "a\n\n---\n\nb")]
    [InlineData("<h1>T</h1>body", "T\n\nbody")]
    [InlineData("</p></a></style>still <unknown>shown</unknown> <", "still shown <")]
    [InlineData("<p></p><p> </p><img src=x><!-- -->", "")]
    public void What_the_html_shows_is_text(string html, string expected) => Assert.Equal(expected, HtmlText.Of(html));
}
