using System.Net;
using System.Text.Json.Nodes;
using FirebaseAdmin;
using FirebaseAdmin.Messaging;
using Google.Apis.Auth.OAuth2;

namespace Notify.Tests.Packages.FirebaseAdmin;

/// <summary>What the product relies on of the SDK, through its public interface only.</summary>
public sealed class FirebaseMessagingTests
{
    private static readonly Func<HttpResponseMessage> Accepted = ScriptedFactory.Answer(
        HttpStatusCode.OK,
        """{"name":"projects/demo-project/messages/1"}"""
    );

    [Fact]
    public async Task Message_is_posted_as_FCM_asks()
    {
        var factory = new ScriptedFactory(Accepted);
        var message = new Message
        {
            Token = "device",
            Data = new Dictionary<string, string> { ["k"] = "v" },
            Notification = new Notification { Title = "T", Body = "B" },
            Android = new AndroidConfig
            {
                Priority = Priority.High,
                TimeToLive = TimeSpan.FromSeconds(90.5),
                Notification = new AndroidNotification
                {
                    Tag = "t",
                    DefaultSound = true,
                    EventTimestamp = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                },
            },
            Apns = new ApnsConfig
            {
                Headers = new Dictionary<string, string> { ["apns-priority"] = "10" },
                Aps = new Aps { Sound = "default" },
            },
        };

        var name = await SendAsync(factory, message);

        Assert.Equal("projects/demo-project/messages/1", name);
        var (request, body) = Assert.Single(factory.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal("https://fcm.googleapis.com/v1/projects/demo-project/messages:send", request.RequestUri!.AbsoluteUri);
        Assert.Equal("Bearer token", request.Headers.Authorization!.ToString());
        Assert.Equal("2", Assert.Single(request.Headers.GetValues("X-GOOG-API-FORMAT-VERSION")));
        Assert.Equal("fire-admin-dotnet/3.5.0", Assert.Single(request.Headers.GetValues("X-Firebase-Client")));
        var json = JsonNode.Parse(body)!;
        Assert.False(json["validate_only"]!.GetValue<bool>());
        Assert.Equal("device", json["message"]!["token"]!.GetValue<string>());
        Assert.Equal("""{"k":"v"}""", json["message"]!["data"]!.ToJsonString());
        Assert.Equal("""{"title":"T","body":"B"}""", json["message"]!["notification"]!.ToJsonString());
        var android = json["message"]!["android"]!;
        Assert.Equal(("high", "90.500000000s"), (android["priority"]!.GetValue<string>(), android["ttl"]!.GetValue<string>()));
        Assert.Equal("t", android["notification"]!["tag"]!.GetValue<string>());
        Assert.Equal("2026-01-02T03:04:05.000000000Z", android["notification"]!["event_time"]!.GetValue<string>());
        Assert.True(android["notification"]!["default_sound"]!.GetValue<bool>());
        Assert.Equal("10", json["message"]!["apns"]!["headers"]!["apns-priority"]!.GetValue<string>());
        Assert.Equal("default", json["message"]!["apns"]!["payload"]!["aps"]!["sound"]!.GetValue<string>());
    }

    [Fact]
    public async Task Dry_run_says_so()
    {
        var factory = new ScriptedFactory(Accepted);

        await SendAsync(factory, new Message { Topic = "/topics/news" }, dryRun: true);

        var json = JsonNode.Parse(Assert.Single(factory.Requests).Body)!;
        Assert.True(json["validate_only"]!.GetValue<bool>());
        Assert.Equal("news", json["message"]!["topic"]!.GetValue<string>());
    }

    [Fact]
    public async Task Message_without_one_target_is_refused()
    {
        var factory = new ScriptedFactory(Accepted);

        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(factory, new Message()));
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(factory, new Message { Token = "a", Topic = "b" }));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            SendAsync(
                factory,
                new Message
                {
                    Token = "a",
                    Android = new AndroidConfig { TimeToLive = TimeSpan.FromSeconds(-1) },
                }
            )
        );
        Assert.Empty(factory.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NOT_FOUND", "UNREGISTERED", ErrorCode.NotFound, MessagingErrorCode.Unregistered)]
    [InlineData(
        HttpStatusCode.BadRequest,
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        ErrorCode.InvalidArgument,
        MessagingErrorCode.InvalidArgument
    )]
    [InlineData(
        HttpStatusCode.Forbidden,
        "PERMISSION_DENIED",
        "SENDER_ID_MISMATCH",
        ErrorCode.PermissionDenied,
        MessagingErrorCode.SenderIdMismatch
    )]
    [InlineData(
        HttpStatusCode.TooManyRequests,
        "RESOURCE_EXHAUSTED",
        "QUOTA_EXCEEDED",
        ErrorCode.ResourceExhausted,
        MessagingErrorCode.QuotaExceeded
    )]
    [InlineData(
        HttpStatusCode.Unauthorized,
        "UNAUTHENTICATED",
        "APNS_AUTH_ERROR",
        ErrorCode.Unauthenticated,
        MessagingErrorCode.ThirdPartyAuthError
    )]
    [InlineData(HttpStatusCode.InternalServerError, "INTERNAL", "INTERNAL", ErrorCode.Internal, MessagingErrorCode.Internal)]
    [InlineData(HttpStatusCode.NotFound, "NOT_FOUND", "NEW_CODE", ErrorCode.NotFound, null)]
    public async Task Refusal_carries_codes_message_and_the_answer(
        HttpStatusCode status,
        string canonical,
        string fcm,
        ErrorCode code,
        MessagingErrorCode? messagingCode
    )
    {
        var body =
            $$"""{"error":{"message":"Why","status":"{{canonical}}","details":[{"@type":"other"},{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"{{fcm}}"}] } }""";

        var refused = await Assert.ThrowsAsync<FirebaseMessagingException>(() =>
            SendAsync(new ScriptedFactory(ScriptedFactory.Answer(status, body)), new Message { Token = "a" })
        );

        Assert.Equal((code, messagingCode, "Why"), (refused.ErrorCode, refused.MessagingErrorCode, refused.Message));
        Assert.Equal(status, refused.HttpResponse.StatusCode);
        Assert.Equal(body, await refused.HttpResponse.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("token", refused.HttpResponse.RequestMessage!.Headers.Authorization!.Parameter);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("""{"error":{}}""")]
    public async Task Answer_that_is_not_FCMs_keeps_its_status(string body)
    {
        var refused = await Assert.ThrowsAsync<FirebaseMessagingException>(() =>
            SendAsync(new ScriptedFactory(ScriptedFactory.Answer(HttpStatusCode.BadGateway, body)), new Message { Token = "a" })
        );

        Assert.Null(refused.MessagingErrorCode);
        Assert.Equal((ErrorCode.Unknown, HttpStatusCode.BadGateway), (refused.ErrorCode, refused.HttpResponse.StatusCode));
    }

    [Fact]
    public async Task Success_that_cannot_be_read_carries_the_answer()
    {
        var unreadable = await Assert.ThrowsAsync<FirebaseMessagingException>(() =>
            SendAsync(new ScriptedFactory(ScriptedFactory.Answer(HttpStatusCode.OK, "<html>")), new Message { Token = "a" })
        );

        Assert.Equal(HttpStatusCode.OK, unreadable.HttpResponse.StatusCode);
    }

    [Fact]
    public async Task Network_fault_is_wrapped_and_anything_else_passes_through()
    {
        var fault = await Assert.ThrowsAsync<FirebaseMessagingException>(() =>
            SendAsync(new ScriptedFactory(() => throw new HttpRequestException("down")) { Tries = 1 }, new Message { Token = "a" })
        );
        Assert.Null(fault.HttpResponse);
        Assert.IsType<HttpRequestException>(fault.InnerException);

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() =>
            SendAsync(new ScriptedFactory(() => throw new TimeZoneNotFoundException()) { Tries = 1 }, new Message { Token = "a" })
        );
    }

    [Fact]
    public async Task Failure_with_503_is_repeated_by_the_SDK_itself()
    {
        var factory = new ScriptedFactory(ScriptedFactory.Answer(HttpStatusCode.ServiceUnavailable, ""), Accepted);

        Assert.Equal("projects/demo-project/messages/1", await SendAsync(factory, new Message { Token = "a" }));
        Assert.Equal(2, factory.Requests.Count);
    }

    [Fact]
    public async Task Initializer_added_with_the_handler_has_the_last_word_about_repeats()
    {
        var factory = new ScriptedFactory(ScriptedFactory.Answer(HttpStatusCode.ServiceUnavailable, "")) { Tries = 1 };

        await Assert.ThrowsAsync<FirebaseMessagingException>(() => SendAsync(factory, new Message { Token = "a" }));

        Assert.Single(factory.Requests);
    }

    private static async Task<string> SendAsync(ScriptedFactory factory, Message message, bool dryRun = false)
    {
        var app = FirebaseApp.Create(
            new AppOptions
            {
                Credential = GoogleCredential.FromAccessToken("token"),
                ProjectId = "demo-project",
                HttpClientFactory = factory,
            },
            Guid.NewGuid().ToString()
        );
        try
        {
            return await FirebaseMessaging.GetMessaging(app).SendAsync(message, dryRun, TestContext.Current.CancellationToken);
        }
        finally
        {
            app.Delete();
        }
    }
}
