using System.Collections.Specialized;
using System.Security.Cryptography;
using System.Text;
using Twilio.Security;

namespace Notify.Tests.Packages.Twilio;

public sealed class RequestValidatorTests
{
    private const string Token = "12345";
    private const string Url = "https://mycompany.com/myapp.php?foo=1&bar=2";

    private static readonly Dictionary<string, string> Form = new()
    {
        ["To"] = "+18005551212",
        ["CallSid"] = "CA1234567890ABCDE",
        ["From"] = "+14158675309",
        ["Digits"] = "1234",
        ["Caller"] = "+14158675309",
    };

    private static readonly RequestValidator Validator = new(Token);

    [Fact]
    public void Published_vector_is_valid()
    {
        var collection = new NameValueCollection();
        foreach (var (key, value) in Form)
            collection.Add(key, value);

        Assert.True(Validator.Validate(Url, Form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        Assert.True(Validator.Validate(Url, collection, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    [Theory]
    [InlineData("https://example.test/hook", "https://example.test:443/hook")]
    [InlineData("http://example.test/hook?a=b:c", "http://example.test:80/hook?a=b:c")]
    [InlineData("https://example.test:8443/hook", "https://example.test/hook")]
    [InlineData("https://Example.Test:8443/hook", "https://Example.Test/hook")]
    [InlineData("https://user:secret@example.test:8443/hook", "https://user:secret@example.test/hook")]
    [InlineData("https://user:secret@example.test/hook", "https://user:secret@example.test:443/hook")]
    [InlineData("https://[::1]:8443/hook", "https://[::1]/hook")]
    [InlineData("https://[::1]/hook", "https://[::1]:443/hook")]
    public void Signature_over_either_spelling_of_the_port_is_valid(string received, string other)
    {
        Assert.True(Validator.Validate(received, Form, Sign(received, Form)));
        Assert.True(Validator.Validate(received, Form, Sign(other, Form)));
        Assert.True(Validator.Validate(received, new Dictionary<string, string>(), Sign(other, [])));
        Assert.False(Validator.Validate(received, Form, Sign(other + "x", Form)));
    }

    [Theory]
    [InlineData("NOTRSOYDt4T1cUTdK1PDd93/VVr8B8=")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B9=")]
    [InlineData("ü")]
    public void Wrong_signature_is_not_valid(string signature) => Assert.False(Validator.Validate(Url, Form, signature));

    [Fact]
    public void Changed_value_added_field_and_other_token_are_not_valid()
    {
        const string signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        Assert.False(Validator.Validate(Url, new Dictionary<string, string>(Form) { ["Digits"] = "1235" }, signature));
        Assert.False(Validator.Validate(Url, new Dictionary<string, string>(Form) { ["More"] = "" }, signature));
        Assert.False(new RequestValidator("12346").Validate(Url, Form, signature));
    }

    [Fact]
    public void Json_body_is_bound_by_the_hash_in_the_query()
    {
        const string body = """{"property": "value", "ü": true}""";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var url = $"https://example.test/hook?a=1&bodySHA256={hash}";

        Assert.True(Validator.Validate(url, body, Sign(url, [])));
        Assert.False(Validator.Validate(url, body + " ", Sign(url, [])));
        Assert.False(Validator.Validate("https://example.test/hook?a=1", body, Sign("https://example.test/hook?a=1", [])));
        Assert.True(RequestValidator.ValidateBody(body, hash));
    }

    [Fact]
    public void Missing_signature_is_an_argument_error()
    {
        Assert.ThrowsAny<ArgumentException>(() => Validator.Validate(Url, Form, ""));
        Assert.ThrowsAny<ArgumentException>(() => Validator.Validate("", Form, "x"));
    }

    private static string Sign(string url, Dictionary<string, string> form)
    {
        var text = url + string.Concat(form.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(text)));
    }
}
