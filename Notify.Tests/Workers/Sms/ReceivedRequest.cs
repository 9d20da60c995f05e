namespace Notify.Tests.Workers.Sms;

/// <summary>A request as the stub saw it.</summary>
internal sealed record ReceivedRequest(
    string Method,
    string Path,
    string Authorization,
    string? ContentType,
    string Body,
    IReadOnlyDictionary<string, string> Form
);
