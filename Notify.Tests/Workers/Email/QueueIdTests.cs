using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

public sealed class QueueIdTests
{
    [Theory]
    [InlineData("2.0.0 Ok: queued as 4XyZ1234abcd", "4XyZ1234abcd")]
    [InlineData("Ok: queued as Zm9vYmFy-_.x", "Zm9vYmFy-_.x")]
    [InlineData("OK id=1rXyZa-0003Fg-2B", "1rXyZa-0003Fg-2B")]
    [InlineData("2.6.0 <a@b> [InternalId=4711, Hostname=x.example.test] Queued mail for delivery", "4711")]
    [InlineData("2.0.0 4ALBcDe5012345 Message accepted for delivery", "4ALBcDe5012345")]
    [InlineData(
        "Ok 0100018f2c3d4e5f-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000",
        "0100018f2c3d4e5f-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"
    )]
    [InlineData("2.0.0 OK  1700000000 d2e1a72fcca58-6b5f - gsmtp", "d2e1a72fcca58-6b5f")]
    [InlineData("2.0.0 Ok", null)]
    [InlineData("", null)]
    [InlineData("Thanks for the mail to somebody@example.test", null)]
    [InlineData("queued as somebody@example.test", null)]
    public void Queue_id_is_found_in_the_common_forms(string reply, string? id) => Assert.Equal(id, QueueId.Find(reply));
}
