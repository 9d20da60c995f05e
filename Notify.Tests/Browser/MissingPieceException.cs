namespace Notify.Tests.Browser;

/// <summary>This machine lacks what the tests need; the message says what, and how to get it.</summary>
internal sealed class MissingPieceException(string message) : Exception(message);
