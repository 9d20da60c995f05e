using System.Buffers;
using System.Text.Json;

namespace Notify.Sandbox.Http;

/// <summary>Writes answers without buffering them twice.</summary>
internal static class Answer
{
    public const string Json = "application/json; charset=UTF-8";

    public static void Write(HttpResponse response, int status, ReadOnlySpan<byte> body, string contentType = Json)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body); // sent when the request ends
    }

    public static byte[] Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
            write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
