namespace Notify.Tests.Workers;

/// <summary>What the stub says; a null status breaks the stream off instead.</summary>
internal sealed record StubAnswer(int? Status, string Body = "", params (string Name, string Value)[] Headers)
{
    /// <summary>What goes out in the place of <see cref="Body"/>: bytes that are no text.</summary>
    public byte[]? Bytes { get; init; }

    public static StubAnswer Broken { get; } = new((int?)null);
}
