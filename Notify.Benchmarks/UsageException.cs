namespace Notify.Benchmarks;

/// <summary>What was asked for cannot be done; the message says what to type instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
