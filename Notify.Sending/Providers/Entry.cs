namespace Notify.Sending.Providers;

/// <summary>The right to make one call to a provider: its permit is taken. Ends in <see cref="ProviderAccount{TMessage}.CallAsync"/> or
/// <see cref="ProviderAccount{TMessage}.Leave"/>.</summary>
/// <param name="Account">Which provider.</param>
/// <param name="IsCritical">Whose permit it was.</param>
/// <param name="SpentRetry">Whether it was taken out of the provider's budget for retries.</param>
/// <param name="Place">Among the provider's calls.</param>
/// <param name="Tried">The resting scopes that the call tries; null for none.</param>
internal readonly record struct Entry<TMessage>(
    ProviderAccount<TMessage> Account,
    bool IsCritical,
    bool SpentRetry,
    CallPlace Place,
    RestingScope[]? Tried = null
)
{
    /// <summary>Whether the call tries if the provider works again.</summary>
    public bool IsProbe => Place.IsProbe;
}
