namespace Notify.Tests.Workers;

/// <summary>What the stub says; a null status breaks the stream off instead.</summary>
internal sealed record StubAnswer(int? Status, string Body = "", params (string Name, string Value)[] Headers)
{
    public static StubAnswer Broken { get; } = new((int?)null);
}
