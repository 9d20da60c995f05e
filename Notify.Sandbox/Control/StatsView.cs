namespace Notify.Sandbox.Control;

/// <summary>Counts since the start or the last clear, by provider.</summary>
internal sealed record StatsView(
    DateTimeOffset Since,
    long LastSeq,
    int Kept,
    long KeptBytes,
    Dictionary<string, long> Accepted,
    Dictionary<string, long> Refused,
    IdCounts Ids,
    CallbackCounts Callbacks,
    int Watchers
);

/// <summary>Delivery ids met, those met more than once, and acceptances that there was no room to count.</summary>
internal sealed record IdCounts(bool Enabled, long Known, long Repeated, long Uncounted);

/// <summary>Twilio status callbacks.</summary>
internal sealed record CallbackCounts(long Delivered, long Failed, long Skipped);
