namespace Notify.AppHost.Local;

/// <summary>Something this machine lacks; the message names it and the command that installs it, and is shown without a stack
/// trace.</summary>
internal sealed class MissingPieceException(string message) : Exception(message);
