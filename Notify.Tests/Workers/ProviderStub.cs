using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Notify.Tests.Workers;

/// <summary>A provider on loopback: records what it is asked and gives recorded answers, over HTTP/1.1 or over HTTP/2 without
/// TLS.</summary>
internal sealed class ProviderStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private Func<StubRequest, CancellationToken, Task<StubAnswer>> _answer;

    private ProviderStub(WebApplication app, StubAnswer answer)
    {
        _app = app;
        _answer = (_, _) => Task.FromResult(answer);
    }

    public Uri Address => new(_app.Urls.First());

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static async Task<ProviderStub> StartAsync(HttpProtocols protocols, StubAnswer answer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        var app = builder.Build();
        var stub = new ProviderStub(app, answer);
        app.Run(stub.HandleAsync);
        await app.StartAsync(cancellationToken);
        return stub;
    }

    /// <summary>These answers in turn; the last one for ever.</summary>
    public void Answers(params StubAnswer[] answers)
    {
        var next = -1;
        Answers((_, _) => Task.FromResult(answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)]));
    }

    public void Answers(Func<StubRequest, CancellationToken, Task<StubAnswer>> answer) => Volatile.Write(ref _answer, answer);

    /// <summary>Reads requests and answers none; the task ends when the first is there.</summary>
    public Task FallSilent()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Answers(
            async (_, aborted) =>
            {
                arrived.TrySetResult();
                await Task.Delay(Timeout.Infinite, aborted);
                return StubAnswer.Broken;
            }
        );
        return arrived.Task;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = new StubRequest(
            http.Request.Method,
            http.Request.Path,
            http.Request.Protocol,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(http.RequestAborted)
        );
        _requests.Enqueue(request);

        StubAnswer answer;
        try
        {
            answer = await Volatile.Read(ref _answer)(request, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // the caller went away, as some tests want
        }

        if (answer.Status is not { } status)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        foreach (var (name, value) in answer.Headers)
            http.Response.Headers[name] = value;
        if (answer.Bytes is { } bytes)
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        else
            await http.Response.WriteAsync(answer.Body, http.RequestAborted);
    }
}
