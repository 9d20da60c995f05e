using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>
/// Serves the dashboard's resource service (gRPC over HTTP/2 without TLS, on loopback, on a port of its own choice) to whoever has the key.
/// A peer that stops reading holds up its own call only, and not for long.
/// </summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    public const string ApiKeyHeader = "x-resource-service-api-key";
    private const string PathPrefix = "/aspire.v1.DashboardService/";

    /// <summary>A peer on the same machine that takes less than 64 KB/s of what waits for it, after ten seconds' grace, has died or hangs; a live one connects again.</summary>
    private static readonly MinDataRate SlowestPeer = new(bytesPerSecond: 64 * 1024, gracePeriod: TimeSpan.FromSeconds(10));

    /// <summary>For ended calls to say so; a peer that does not read is cut off then.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);

    private readonly ResourceCalls _calls;
    private readonly ILogger _logger;
    private readonly byte[] _keyHash;
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();

    private ResourceServer(ResourceCalls calls, string apiKey, ILogger logger)
    {
        _calls = calls;
        _logger = logger;
        _keyHash = Hash(apiKey);

        // Empty: the host's own ASPNETCORE_ variables, console log and signal handling are none of this server's business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = SlowestPeer;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where the dashboard finds the service; known once started.</summary>
    public Uri Address => new(_app.Urls.Single());

    public static async Task<ResourceServer> StartAsync(ResourceCalls calls, string apiKey, ILogger logger, CancellationToken cancellationToken)
    {
        var server = new ResourceServer(calls, apiKey, logger);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();   // ends the calls that would stay open
        using (var grace = new CancellationTokenSource(StopGrace))
            await _app.StopAsync(grace.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var refusal = Refusal(http.Request);
        if (refusal != StatusCodes.Status200OK)
        {
            http.Response.StatusCode = refusal;
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        http.Response.ContentType = "application/grpc";
        var (status, message) = (GrpcStatus.Ok, "");
        try
        {
            await http.Response.BodyWriter.FlushAsync(ending.Token);   // the caller waits for the headers even where no message follows
            await _calls.InvokeAsync(http.Request.Path.Value![PathPrefix.Length..], http, ending.Token);
        }
        catch (GrpcException fault)
        {
            (status, message) = (fault.Status, fault.Message);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            return;   // nobody is there to be told
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            (status, message) = (GrpcStatus.Unavailable, "The host is stopping.");
        }
        catch (Exception fault)
        {
            _logger.LogError(fault, "The dashboard's call {Path} failed.", http.Request.Path.Value);
            (status, message) = (GrpcStatus.Internal, "The call failed; the host's log says why.");
        }

        http.Response.AppendTrailer("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (message.Length > 0)
            http.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
    }

    private int Refusal(HttpRequest request)
    {
        if (!CryptographicOperations.FixedTimeEquals(Hash(request.Headers[ApiKeyHeader].ToString()), _keyHash))
            return StatusCodes.Status401Unauthorized;
        if (!request.Path.StartsWithSegments(PathPrefix.TrimEnd('/')) || request.Path.Value!.Length <= PathPrefix.Length)
            return StatusCodes.Status404NotFound;
        if (!HttpMethods.IsPost(request.Method))
            return StatusCodes.Status405MethodNotAllowed;
        return request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true
            ? StatusCodes.Status200OK
            : StatusCodes.Status415UnsupportedMediaType;
    }

    /// <summary>Hashed, so that the comparison's time says nothing about the key's length either.</summary>
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
