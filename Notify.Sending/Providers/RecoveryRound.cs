namespace Notify.Sending.Providers;

/// <summary>
/// A round of calls to a provider that works again: as many as may run at a time. Only when all of a round have ended does the next one
/// allow twice as many, as many, or half: failures tend to be slower than successes, so the first answers would speak for all. One place
/// is kept for critical messages where there is more than one.
/// </summary>
/// <param name="Number">Counts the rounds; 0 before the first.</param>
/// <param name="Ceiling">Calls at a time; 0 when nothing is held back any more.</param>
/// <param name="Begun">Calls that count in the round.</param>
/// <param name="Ended">Those of them that have ended.</param>
/// <param name="Failed">Those of them that failed.</param>
/// <param name="FullSince">When the last of them began.</param>
internal readonly record struct RecoveryRound(int Number, int Ceiling, int Begun, int Ended, int Failed, TimeSpan FullSince)
{
    private const int First = 4;
    private const double GrowsUpTo = 0.1;
    private const double ShrinksAbove = 0.25;

    /// <summary>Whether nothing is held back any more.</summary>
    public bool IsLast => Ceiling == 0;

    public bool HasEnded => Ended == Ceiling;

    /// <summary>Whether calls of a full round take so long that they count as failed.</summary>
    public bool IsOverdue(TimeSpan now, TimeSpan slowCall) => Begun == Ceiling && now - FullSince > slowCall;

    public bool HasRoom(int places, bool isCritical) => places < (isCritical ? Ceiling : Math.Max(1, Ceiling - 1));

    /// <summary>The first round of a way back.</summary>
    public RecoveryRound Restarted() => Following(First);

    /// <summary>With one more call. It counts in no round where the round is full and others of it have still to end.</summary>
    public RecoveryRound WithCall(TimeSpan now, out int number)
    {
        number = Begun < Ceiling ? Number : 0;
        return Begun < Ceiling ? this with { Begun = Begun + 1, FullSince = now } : this;
    }

    public RecoveryRound WithoutCall() => this with { Begun = Begun - 1 };

    public RecoveryRound WithEnd(bool well) => this with { Ended = Ended + 1, Failed = Failed + (well ? 0 : 1) };

    /// <summary>The round that follows this one; calls that have not ended count as failed.</summary>
    /// <param name="enough">Calls at a time from which nothing is held back any more.</param>
    public RecoveryRound Next(int enough)
    {
        var failed = (double)(Failed + Begun - Ended) / Ceiling;
        if (failed <= GrowsUpTo)
            return Following(Ceiling < enough ? 2 * Ceiling : 0);
        return Following(failed > ShrinksAbove ? Math.Max(1, Ceiling / 2) : Ceiling);
    }

    private RecoveryRound Following(int ceiling) => new(Number + 1, ceiling, Begun: 0, Ended: 0, Failed: 0, FullSince: default);
}
