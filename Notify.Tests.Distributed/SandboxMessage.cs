namespace Notify.Tests.Distributed;

/// <summary>A message as the sandbox shows it.</summary>
internal sealed record SandboxMessage(
    long Seq,
    DateTimeOffset At,
    string Channel,
    string Provider,
    string To,
    string? Title,
    string? Preview,
    Guid? DeliveryId,
    string ProviderId,
    bool Answered,
    IReadOnlyList<SandboxHeader>? Headers,
    SandboxMail? Mail,
    SandboxPush? Push,
    SandboxSms? Sms
)
{
    public string Header(string name) =>
        Assert.Single(Headers!, header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
}

internal sealed record SandboxHeader(string Name, string Value);

internal sealed record SandboxMail(string? Subject, string? From, string? To, string? Text, string? Html);

internal sealed record SandboxPush(string App, string? Title, string? Body, IReadOnlyDictionary<string, string> Data);

internal sealed record SandboxSms(string From, string Text, int Segments, string Encoding);
