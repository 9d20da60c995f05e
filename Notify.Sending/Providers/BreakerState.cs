using Notify.Core.Deliveries;

namespace Notify.Sending.Providers;

/// <summary>Whether a provider credential is called.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>One call at a time tries whether it works again.</summary>
    HalfOpen,

    /// <summary>It is not, until its time has come.</summary>
    Open,
}
