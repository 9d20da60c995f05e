using Notify.Benchmarks.Load;

namespace Notify.Benchmarks.Scenarios;

/// <summary>A single message that was sent to see how long it takes.</summary>
/// <param name="Notification">With the times of its post and its acceptance.</param>
/// <param name="ArrivedAt">When the provider had it, by our clock; null where it did not arrive or nobody saw when.</param>
internal sealed record ProbeTimes(PostedNotification Notification, DateTimeOffset? ArrivedAt);
