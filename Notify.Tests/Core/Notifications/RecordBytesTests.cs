using System.Text;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

public sealed class RecordBytesTests
{
    [Theory]
    [InlineData("acme", "u1")]
    [InlineData("", "")]
    [InlineData("bücher", "a@bücher.example")]
    public void Key_is_tenant_and_recipient(string tenant, string recipient) =>
        Assert.Equal($"{tenant}/{recipient}", Encoding.UTF8.GetString(RecordBytes.Key(tenant, recipient)));

    [Fact]
    public void Id_is_written_as_everywhere_else()
    {
        var id = UuidV7.New(new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(id.ToString(), Encoding.UTF8.GetString(RecordBytes.Id(id)));
    }
}
