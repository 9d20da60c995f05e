namespace MailKit;

/// <summary>The peer did not keep to the protocol, or closed the connection in the middle of it.</summary>
public abstract class ProtocolException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The peer answered a command with a refusal; the connection is still good.</summary>
public abstract class CommandException(string message, Exception? innerException = null) : Exception(message, innerException);
