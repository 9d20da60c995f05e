using Microsoft.AspNetCore.Http;

namespace Notify.Tests.Workers.Sms;

/// <summary>Answers in the form in which Twilio gives them.</summary>
internal static class RecordedAnswers
{
    public const string Sid = "SM1f0e8ae6ade43cb3c0ce4525424e404f";

    public static readonly string Created = CreatedAs(Sid);

    public static string CreatedAs(string sid) =>
        $$"""
            {
              "account_sid": "AC00000000000000000000000000000001", "api_version": "2010-04-01", "body": "Hello",
              "date_created": "Thu, 24 Aug 2023 05:01:45 +0000", "date_sent": null, "date_updated": "Thu, 24 Aug 2023 05:01:45 +0000",
              "direction": "outbound-api", "error_code": null, "error_message": null, "from": "+15557122661", "messaging_service_sid": null,
              "num_media": "0", "num_segments": "1", "price": null, "price_unit": "USD", "sid": "{{sid}}", "status": "queued",
              "subresource_uris": { "media": "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/{{sid}}/Media.json" },
              "tags": null, "to": "+15558675310", "uri": "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages/{{sid}}.json"
            }
            """;

    /// <summary>Real refusals quote the number they are about.</summary>
    public static string Refused(int status, int code) =>
        $$"""
            {"code": {{code}}, "message": "Refused about +15558675310", "more_info": "https://www.twilio.com/docs/errors/{{code}}", "status": {{status}}}
            """;

    public static async Task WriteAsync(
        HttpContext context,
        int status,
        string body,
        string contentType = "application/json",
        params (string Name, string Value)[] headers
    )
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A head that promises more than comes: Kestrel ends the connection, and unlike an abort never before the client has what was
    /// written.</summary>
    public static async Task WriteCutAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 5000;
        await context.Response.WriteAsync("{\"sid\": \"SM", context.RequestAborted);
    }
}
