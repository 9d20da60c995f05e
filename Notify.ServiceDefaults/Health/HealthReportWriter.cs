using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Notify.ServiceDefaults.Health;

/// <summary>
/// Writes <c>{"status":"Degraded","checks":{"providers":{"status":"Degraded","milliseconds":1,"reason":"fcm is open (503)."}}}</c>. A
/// reason is shown where a check gives one in its data; descriptions and exceptions come from drivers, name hosts and users, and are in the
/// log.
/// </summary>
internal static class HealthReportWriter
{
    private const string Reason = "reason";

    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteNumber("milliseconds", (long)entry.Duration.TotalMilliseconds);
            if (entry.Data.GetValueOrDefault(Reason) is string reason)
                json.WriteString(Reason, reason);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}
