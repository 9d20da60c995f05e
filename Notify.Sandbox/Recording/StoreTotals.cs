namespace Notify.Sandbox.Recording;

/// <summary>Counters of one moment; the arrays are indexed by <see cref="Provider"/>.</summary>
internal sealed record StoreTotals(DateTimeOffset Since, long LastSeq, int Kept, long KeptBytes, long[] Accepted, long[] Refused);
