namespace Notify.Api.Notifications;

/// <summary>202 with the id and where to ask for it.</summary>
internal sealed class AcceptedResult(Guid id) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"/v1/notifications/{id}";
        return Results
            .Json(new AcceptedView(id), ApiJson.Answers.AcceptedView, statusCode: StatusCodes.Status202Accepted)
            .ExecuteAsync(httpContext);
    }
}
