namespace Notify.Sending.Providers;

/// <summary>
/// Whether a provider has fallen silent: most of its recent calls are overdue by its usual latency, and none was answered for as long.
/// Those calls run on, since their answers may come. Until one is answered, further calls are few at a time, and one is made every few
/// seconds in any case. A provider that is merely slow goes on answering, and its latency is learned.
/// </summary>
/// <param name="IsOn">Whether it is silent.</param>
/// <param name="Number">Counts its silences.</param>
/// <param name="Tries">Calls that were begun in this one and have not ended.</param>
/// <param name="TriedAt">When the last of them began.</param>
/// <param name="TriedBefore">When the one before it began.</param>
internal readonly record struct Silence(bool IsOn, int Number, int Tries, TimeSpan TriedAt, TimeSpan TriedBefore)
{
    /// <summary>Calls at a time while it is silent and no other provider takes the messages.</summary>
    internal const int Few = 4;

    /// <summary>While it is silent a call is made at least as often: its next answer is noticed within this time.</summary>
    internal static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(5);

    /// <summary>Whether a call may be made now.</summary>
    public bool MayTry(TimeSpan now) => !IsOn || Tries < Few || IsTryDue(now);

    /// <summary>How long until it is tried, whoever else is asked; null where it is not silent.</summary>
    public TimeSpan? UntilTry(TimeSpan now) =>
        !IsOn ? null
        : IsTryDue(now) ? TimeSpan.Zero
        : TriedAt + TryEvery - now;

    public Silence Begun(TimeSpan now) => new(IsOn: true, Number + 1, Tries: 0, TriedAt: now, TriedBefore: now);

    public Silence Over() => this with { IsOn = false };

    public Silence WithTry(TimeSpan now) => IsOn ? this with { Tries = Tries + 1, TriedBefore = TriedAt, TriedAt = now } : this;

    /// <summary>Without a try that has ended, or was not made after all; then the next one is made at once.</summary>
    /// <param name="number">The silence that it was to end; 0 for none.</param>
    /// <param name="called">Whether it was made.</param>
    public Silence WithoutTry(int number, bool called) =>
        number == 0 || number != Number ? this : this with { Tries = Tries - 1, TriedAt = called ? TriedAt : TriedBefore };

    private bool IsTryDue(TimeSpan now) => now - TriedAt >= TryEvery;
}
