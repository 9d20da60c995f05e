namespace Notify.Tests.Workers.Push;

/// <summary>What <see cref="RawHttp2Server"/> does about a request.</summary>
public enum Reaction
{
    Accept,

    /// <summary>The stream was not processed: REFUSED_STREAM.</summary>
    Refuse,

    /// <summary>The connection ends and this stream was not processed.</summary>
    GoAwayBefore,

    /// <summary>The connection ends, this stream's answer never comes.</summary>
    GoAwayAfter,

    /// <summary>The stream failed on the way: INTERNAL_ERROR.</summary>
    Reset,

    /// <summary>The connection breaks.</summary>
    Drop,
}
