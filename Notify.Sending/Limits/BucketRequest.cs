namespace Notify.Sending.Limits;

/// <summary>What a process says to the shared bucket in one round trip.</summary>
/// <param name="Standard">Permits wanted for messages that must leave the reserve.</param>
/// <param name="Critical">Permits wanted for critical messages.</param>
/// <param name="Back">Unused permits that go back first.</param>
/// <param name="Pause">How long nobody may send, from now on; zero for no news.</param>
internal readonly record struct BucketRequest(int Standard, int Critical, int Back, TimeSpan Pause);
