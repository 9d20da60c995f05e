using System.Text;
using Notify.Tests.Workers.Sms;
using Twilio.Clients;
using Twilio.Exceptions;
using Twilio.Http;
using Twilio.Rest.Api.V2010.Account;

namespace Notify.Tests.Packages.Twilio;

public sealed class MessageResourceTests : IAsyncLifetime
{
    private TwilioStub _stub = null!;
    private LoopbackHandler _handler = null!;
    private System.Net.Http.HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _stub = await TwilioStub.StartAsync(TestContext.Current.CancellationToken);
        _handler = new LoopbackHandler(_stub.Address);
        _http = new(_handler);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task Message_is_posted_as_a_form_with_basic_authorization()
    {
        await MessageResource.CreateAsync(
            new CreateMessageOptions("+15558675310")
            {
                From = "+15557122661",
                MessagingServiceSid = "MG1",
                Body = "Grüße & 100% = ok",
                StatusCallback = new Uri("https://example.test/hook?a=1&b=2"),
                ValidityPeriod = 60,
            },
            Client());

        var request = Assert.Single(_stub.Requests);
        Assert.Equal(new Uri("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"), _handler.Meant);
        Assert.Equal("POST", request.Method);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("AC1:token")), request.Authorization);
        Assert.Equal(
            "To=%2B15558675310&StatusCallback=https%3A%2F%2Fexample.test%2Fhook%3Fa%3D1%26b%3D2&ValidityPeriod=60&From=%2B15557122661"
            + "&MessagingServiceSid=MG1&Body=Gr%C3%BC%C3%9Fe+%26+100%25+%3D+ok",
            request.Body);
    }

    [Fact]
    public async Task Account_edge_and_region_are_part_of_the_address()
    {
        var client = new TwilioRestClient("SK1", "secret", accountSid: "AC2", region: "ie1", httpClient: new SystemNetHttpClient(_http), edge: "dublin");

        await MessageResource.CreateAsync(new CreateMessageOptions("+15558675310") { Body = "Hello" }, client);

        Assert.Equal(new Uri("https://api.dublin.ie1.twilio.com/2010-04-01/Accounts/AC2/Messages.json"), _handler.Meant);
    }

    [Fact]
    public async Task Created_message_is_read()
    {
        var created = await CreateAsync();

        Assert.Equal(RecordedAnswers.Sid, created.Sid);
        Assert.Equal(MessageResource.StatusEnum.Queued, created.Status);
        Assert.Equal(MessageResource.DirectionEnum.OutboundApi, created.Direction);
        Assert.Equal("+15557122661", created.From.ToString());
        Assert.Equal("+15558675310", created.To);
        Assert.Equal("1", created.NumSegments);
        Assert.Equal(new DateTime(2023, 8, 24, 5, 1, 45), created.DateCreated?.ToUniversalTime());
        Assert.Null(created.ErrorCode);
        Assert.Null(created.DateSent);
    }

    [Theory]
    [InlineData("\"partially_delivered\"", "partially_delivered")]
    [InlineData("\"a-later-state\"", "a-later-state")]
    public void Status_is_an_open_set_of_words(string json, string expected)
    {
        var message = MessageResource.FromJson($$"""{"status": {{json}}, "error_code": 30003, "num_segments": 2}""");

        Assert.Equal(expected, message.Status.ToString());
        Assert.Equal(30003, message.ErrorCode);
        Assert.Equal("2", message.NumSegments);
        Assert.Equal(expected == "partially_delivered", message.Status == MessageResource.StatusEnum.PartiallyDelivered);
    }

    [Fact]
    public async Task Refusal_carries_code_and_status()
    {
        _stub.AnswerWith(400, RecordedAnswers.Refused(400, 21610));

        var refused = await Assert.ThrowsAsync<ApiException>(CreateAsync);

        Assert.Equal((400, 21610), (refused.Status, refused.Code));
        Assert.Equal("https://www.twilio.com/docs/errors/21610", refused.MoreInfo);
    }

    [Theory]
    [InlineData(503, "<html>Service unavailable</html>")]
    [InlineData(201, "<html>Welcome to this network</html>")]
    [InlineData(502, "")]
    public async Task Answer_that_is_not_json_has_neither_code_nor_status(int status, string body)
    {
        _stub.AnswerWith(status, body, "text/html");

        var refused = await Assert.ThrowsAsync<ApiException>(CreateAsync);

        Assert.Equal((0, 0), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Details_of_another_form_make_a_standard_exception()
    {
        _stub.AnswerWith(422, """{"code": 20422, "title": "Invalid", "details": ["to"], "status": 422}""");

        var refused = await Assert.ThrowsAsync<ApiStandardException>(CreateAsync);

        Assert.Equal((422, 20422), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Broken_connection_is_a_connection_exception_with_its_cause()
    {
        _stub.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var lost = await Assert.ThrowsAsync<ApiConnectionException>(CreateAsync);

        Assert.IsType<HttpRequestException>(lost.InnerException);
    }

    private TwilioRestClient Client() => new("AC1", "token", httpClient: new SystemNetHttpClient(_http));

    private Task<MessageResource> CreateAsync() =>
        MessageResource.CreateAsync(new CreateMessageOptions("+15558675310") { From = "+15557122661", Body = "Hello" }, Client());
}
