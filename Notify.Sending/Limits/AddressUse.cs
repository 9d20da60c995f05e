namespace Notify.Sending.Limits;

/// <summary>What one address got lately.</summary>
internal struct AddressUse
{
    public SlidingCount Minute;
    public SlidingCount Hour;
    public TimeSpan PausedUntil;
}
