using System.Net;

namespace Notify.Tests.Distributed.Faults;

/// <summary>An answer of the API.</summary>
/// <param name="Asked">When its request left, as a timestamp.</param>
/// <param name="Heard">When it was there.</param>
/// <param name="Status">202 where anything was accepted.</param>
/// <param name="SaysWhen">Whether it says when to come back.</param>
internal sealed record Answer(long Asked, long Heard, HttpStatusCode Status, bool SaysWhen);
