namespace Notify.Sending.Providers;

/// <summary>
/// The places among a provider's calls. Any number while it is well; few while it comes back from an outage, or has fallen silent.
/// </summary>
internal sealed class CallPlaces(ProviderBreaker breaker, Ramp ramp, OverdueCalls calls, Action freed)
{
    private int _turnedAway;

    /// <summary>How many were turned away so far; for <see cref="GiveUp"/>.</summary>
    public int TurnedAway => Volatile.Read(ref _turnedAway);

    /// <summary>
    /// Takes a place where there is one. Whoever gets none is counted and looks once more, or a place that is given up in between would
    /// free nobody.
    /// </summary>
    public bool TryTake(bool isCritical, out CallPlace place)
    {
        if (TryTakeNow(isCritical, out place))
            return true;
        Interlocked.Increment(ref _turnedAway);
        return TryTakeNow(isCritical, out place);
    }

    /// <param name="place">It is not used after all.</param>
    /// <param name="turnedAway">
    /// How many had been turned away before it was taken. Only where there are more now is anybody woken: a lane that waits for a permit
    /// would wake itself for ever.
    /// </param>
    public void GiveUp(CallPlace place, int turnedAway)
    {
        Leave(place, null);
        if (TurnedAway != turnedAway)
            freed();
    }

    /// <summary>The place is free again.</summary>
    /// <param name="place">The place.</param>
    /// <param name="succeeded">What the call says of the provider; null where none was made.</param>
    public void End(CallPlace place, bool? succeeded)
    {
        // Asked before: whoever was turned away was so by what ends here.
        var fewAtATime = place.IsProbe || place.Silence != 0 || ramp.IsActive;
        Leave(place, succeeded);
        if (fewAtATime)
            freed();
    }

    private bool TryTakeNow(bool isCritical, out CallPlace place)
    {
        place = default;
        if (!ramp.TryEnter(isCritical, out var round))
            return false;
        if (breaker.TryEnter(out var isProbe))
        {
            var silence = 0;
            if (isProbe || calls.TryEnter(out silence))
            {
                place = new(round, isProbe, silence);
                return true;
            }
        }
        ramp.Leave(round, null); // somebody else tries it
        return false;
    }

    private void Leave(CallPlace place, bool? succeeded)
    {
        breaker.Leave(place.IsProbe);
        calls.Leave(place.Silence, called: succeeded is not null);
        ramp.Leave(place.Round, succeeded);
    }
}

/// <summary>A place among a provider's calls.</summary>
/// <param name="Round">Of the provider's <see cref="Ramp"/>.</param>
/// <param name="IsProbe">Whether the call tries if the provider works again.</param>
/// <param name="Silence">The silence of the provider that the call tries to end; 0 for none.</param>
internal readonly record struct CallPlace(int Round, bool IsProbe, int Silence);
