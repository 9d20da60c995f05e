namespace Aspire.Hosting.Local;

/// <summary>Something this machine lacks; the message names it and the command that installs it, and is shown without a stack trace.</summary>
public sealed class MissingPieceException(string message) : Exception(message);
