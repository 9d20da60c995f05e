using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Notify.Sandbox.Http;

namespace Notify.Sandbox.Twilio;

/// <summary>Writes the answer to an accepted message, with every field that Twilio has.</summary>
internal static class SmsAnswer
{
    public static void Write(HttpResponse response, string account, string sid, SmsRequest sms, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
            Write(json, account, sid, sms, now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Answer.Write(response, StatusCodes.Status201Created, buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string account, string sid, SmsRequest sms, string date)
    {
        var uri = $"/2010-04-01/Accounts/{account}/Messages/{sid}";
        var throughService = !string.IsNullOrEmpty(sms.Service);
        json.WriteStartObject();
        json.WriteString("account_sid"u8, account);
        json.WriteString("api_version"u8, "2010-04-01"u8);
        json.WriteString("body"u8, sms.Body ?? "");
        json.WriteString("date_created"u8, date);
        json.WriteNull("date_sent"u8);
        json.WriteString("date_updated"u8, date);
        json.WriteString("direction"u8, "outbound-api"u8);
        json.WriteNull("error_code"u8);
        json.WriteNull("error_message"u8);
        json.WriteString("from"u8, sms.From);
        json.WriteString("messaging_service_sid"u8, throughService ? sms.Service : null);
        json.WriteString("num_media"u8, sms.HasMedia ? "1"u8 : "0"u8);
        json.WriteString("num_segments"u8, throughService ? "0" : Segments.Count(sms.Body).ToString(CultureInfo.InvariantCulture));
        json.WriteNull("price"u8);
        json.WriteString("price_unit"u8, "USD"u8);
        json.WriteString("sid"u8, sid);
        json.WriteString("status"u8, throughService ? "accepted"u8 : "queued"u8);
        json.WriteStartObject("subresource_uris"u8);
        json.WriteString("media"u8, uri + "/Media.json");
        json.WriteEndObject();
        json.WriteString("to"u8, sms.To);
        json.WriteString("uri"u8, uri + ".json");
        json.WriteEndObject();
    }
}
