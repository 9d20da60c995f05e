using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.Workers.Sms;

/// <summary>Twilio's API on a loopback port: keeps every request and answers as a test says.</summary>
internal sealed class TwilioStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _firstRequest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TwilioStub(WebApplication app) => _app = app;

    /// <summary>What a request is answered with; a message that was taken unless a test says otherwise.</summary>
    public Func<HttpContext, ReceivedRequest, Task> Answer { get; set; } =
        (context, _) => RecordedAnswers.WriteAsync(context, 201, RecordedAnswers.Created);

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>Ends when a request has arrived whole.</summary>
    public Task FirstRequest => _firstRequest.Task;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<TwilioStub> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var stub = new TwilioStub(builder.Build());
        stub._app.Run(stub.ReceiveAsync);
        await stub._app.StartAsync(cancellationToken);
        return stub;
    }

    public void AnswerWith(
        int status,
        string body,
        string contentType = "application/json",
        params (string Name, string Value)[] headers
    ) => Answer = (context, _) => RecordedAnswers.WriteAsync(context, status, body, contentType, headers);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var request = new ReceivedRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.Authorization.ToString(),
            context.Request.ContentType,
            body,
            QueryHelpers.ParseQuery(body).ToDictionary(field => field.Key, field => field.Value.ToString())
        );
        Requests.Enqueue(request);
        _firstRequest.TrySetResult();
        await Answer(context, request);
    }
}
