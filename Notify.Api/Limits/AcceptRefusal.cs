using Notify.Core.Notifications;

namespace Notify.Api.Limits;

/// <summary>Why a tenant is asked to come back later.</summary>
/// <param name="Lane">The lane that has no room.</param>
/// <param name="Pace">Its limit.</param>
/// <param name="Asked">Permits that were asked for.</param>
/// <param name="Left">Permits that are there.</param>
/// <param name="Wait">After this they are there, if nobody else takes them.</param>
/// <param name="UntilFull">After this everything is.</param>
internal sealed record AcceptRefusal(Lane Lane, AcceptPace Pace, int Asked, int Left, TimeSpan Wait, TimeSpan UntilFull);
