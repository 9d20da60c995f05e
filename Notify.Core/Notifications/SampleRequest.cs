using System.Text;

namespace Notify.Core.Notifications;

/// <summary>A request like any other, for warming up what reads requests.</summary>
public static class SampleRequest
{
    public static byte[] Bytes { get; } =
        Encoding.UTF8.GetBytes(
            """
            {"recipients":["sample",{"email":"sample@example.test","phone":"+15005550006","push":{"token":"sample","platform":"fcm"}}],
             "message":{"title":"Sample","body":"Sample"},"payload":{"sample":"1"},"category":"sample"}
            """
        );
}
