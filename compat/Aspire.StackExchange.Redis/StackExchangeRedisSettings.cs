namespace Aspire.StackExchange.Redis;

/// <summary>Bound from <c>Aspire:StackExchange:Redis</c>, then from its child named after the connection, then <c>ConnectionStrings:&lt;name&gt;</c>, then the delegate.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary><c>host:port[,option=value]</c>, as <c>ConfigurationOptions.Parse</c> reads it.</summary>
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Nothing to turn off here: the connection of this stand-in is not instrumented.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>False connects when the host starts; true, the default, when somebody first asks for the connection.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
