using Notify.Api.Commands;
using Notify.Api.Keys;

namespace Notify.Tests.Api.Commands;

public sealed class KeysCommandTests
{
    [Fact]
    public void Words_become_options()
    {
        Assert.Null(
            KeysCommand.Parse(["create", "--tenant", "acme", "--scopes", "send, read,send", "--id", "ci", "--days", "30"], out var options)
        );
        Assert.Equal(("acme", "ci", 30), (options.Tenant, options.Id, options.Days));
        Assert.Equal(["send", "read"], options.Scopes);
    }

    [Fact]
    public void Id_and_days_may_be_left_out()
    {
        Assert.Null(KeysCommand.Parse(["create", "--tenant", "acme", "--scopes", "manage"], out var options));
        Assert.Equal(12, options.Id.Length);
        Assert.Null(options.Days);
    }

    [Theory]
    [InlineData("", "There is one verb")]
    [InlineData("delete", "There is one verb")]
    [InlineData("create", "--tenant")]
    [InlineData("create --tenant", "--tenant has no value")]
    [InlineData("create --tenant acme", "--scopes")]
    [InlineData("create --tenant acme --scopes ,", "--scopes")]
    [InlineData("create --tenant acme --scopes send,admin", "--scopes")]
    [InlineData("create --tenant acme --scopes Send", "--scopes")]
    [InlineData("create --tenant acme --scopes send --days 0", "--days")]
    [InlineData("create --tenant acme --scopes send --days 3651", "--days")]
    [InlineData("create --tenant acme --scopes send --days -1", "--days")]
    [InlineData("create --tenant acme --scopes send --days x", "--days")]
    [InlineData("create --tenant acme --scopes send --colour red", "--colour")]
    [InlineData("create --tenant 0123456789012345678901234567890123456789012345678901234567890123x --scopes send", "--tenant")]
    public void What_is_wrong_is_named(string words, string expected) =>
        Assert.Contains(
            expected,
            KeysCommand.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), out _),
            StringComparison.Ordinal
        );

    [Fact]
    public void Tenant_has_no_spaces() => Assert.NotNull(KeysCommand.Parse(["create", "--tenant", "a b", "--scopes", "send"], out _));

    [Fact]
    public void Keys_are_long_recognisable_and_kept_as_a_hash()
    {
        var keys = Enumerable.Range(0, 50).Select(_ => KeyText.New()).ToList();
        Assert.Equal(50, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^ntf_[A-Za-z0-9_-]{43}$", key));
        Assert.Equal(32, KeyText.Hash(keys[0]).Length);
    }
}
