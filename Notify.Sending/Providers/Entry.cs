namespace Notify.Sending.Providers;

/// <summary>The right to make one call: its permit is taken. Ends in <see cref="ISender{TMessage}.CallAsync"/> or
/// <see cref="IAccount.Leave"/>.</summary>
/// <param name="Account">Which account is called.</param>
public readonly record struct Entry(IAccount Account)
{
    /// <summary>Whose permit it was.</summary>
    internal bool IsCritical { get; init; }

    /// <summary>Whether it was taken out of the provider's budget for retries.</summary>
    internal bool SpentRetry { get; init; }

    /// <summary>Among the provider's calls.</summary>
    internal CallPlace Place { get; init; }

    /// <summary>The resting scopes that the call tries; null for none.</summary>
    internal RestingScope[]? Tried { get; init; }

    /// <summary>Whether the call tries if the provider works again.</summary>
    public bool IsProbe => Place.IsProbe;
}
