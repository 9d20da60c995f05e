namespace Notify.Api.Notifications;

/// <summary>202 with the id and where to ask for it. Written as it is, an <see cref="AcceptedView"/> in JSON: of known length, without a
/// serializer and its buffers.</summary>
internal sealed class AcceptedResult(Guid id) : IResult
{
    private const int IdLength = 36;
    private static ReadOnlySpan<byte> Before => "{\"id\":\""u8;
    private static ReadOnlySpan<byte> After => "\"}"u8;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var length = Before.Length + IdLength + After.Length;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
        response.Headers.Location = $"/v1/notifications/{id}";
        var body = response.BodyWriter.GetSpan(length);
        Before.CopyTo(body);
        id.TryFormat(body[Before.Length..], out _);
        After.CopyTo(body[(Before.Length + IdLength)..]);
        response.BodyWriter.Advance(length);
        var flushing = response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        return flushing.IsCompletedSuccessfully ? Task.CompletedTask : flushing.AsTask();
    }
}
