using System.Text.Json;
using Notify.Tests.Packages.MailKit;

namespace Notify.Tests.Workers.Cases;

/// <summary>
/// Answers that a scripted provider gives in turn, the last one for ever; as JSON in a case or in a file of its own. Over HTTP one of them
/// is <c>{"status":401,"headers":{…},"body":…}</c>, where a body
/// that is no string goes out as JSON, or <c>"drop"</c>. Of a mail server it is an object of commands and replies, <c>{"RCPT":"550 5.1.1 no
/// such user"}</c>: also <c>CONNECT</c>, <c>CONTENT</c> (after
/// the final dot), and <c>(drop)</c> for a reply. <c>"usual"</c> is the provider's yes.
/// </summary>
internal sealed class AnswerScript(JsonElement answers)
{
    private readonly JsonElement[] _answers = answers.ValueKind == JsonValueKind.Array ? [.. answers.EnumerateArray()] : [answers];

    public static AnswerScript Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return new(json.RootElement.Clone());
    }

    /// <summary>Lets a provider over HTTP say this from now on.</summary>
    public void PlayOn(ProviderStub stub, StubAnswer usual) => stub.Answers([.. _answers.Select(answer => OverHttp(answer, usual))]);

    /// <summary>Lets a mail server say this from now on; the next answer's turn comes with the next mail.</summary>
    public void PlayOn(ScriptedSmtpServer server)
    {
        var scripts = Array.ConvertAll(_answers, OverSmtp);
        var next = -1;
        server.Answer = line =>
        {
            if (line.StartsWith("MAIL", StringComparison.Ordinal))
                next++;
            var script = scripts[Math.Clamp(next, 0, scripts.Length - 1)];
            return script.FirstOrDefault(reply => line.StartsWith(reply.Key, StringComparison.Ordinal)).Value;
        };
    }

    private static StubAnswer OverHttp(JsonElement answer, StubAnswer usual)
    {
        if (answer.ValueKind == JsonValueKind.String)
            return Named(answer.GetString(), usual);
        var body = answer.TryGetProperty("body", out var said) ? Text(said) : "";
        var headers = answer.TryGetProperty("headers", out var named)
            ? named.EnumerateObject().Select(header => (header.Name, header.Value.GetString()!))
            : [];
        return new StubAnswer(answer.GetProperty("status").GetInt32(), body, [("Content-Type", "application/json"), .. headers]);
    }

    private static StubAnswer Named(string? name, StubAnswer usual) =>
        name switch
        {
            "usual" => usual,
            "drop" => StubAnswer.Broken,
            _ => throw new FormatException($"'{name}' is no answer."),
        };

    private static string Text(JsonElement body) => body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText();

    private static Dictionary<string, string> OverSmtp(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.String
            ? []
            : answer.EnumerateObject().ToDictionary(reply => reply.Name, reply => reply.Value.GetString()!);
}
