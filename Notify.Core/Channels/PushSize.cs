namespace Notify.Core.Channels;

/// <summary>
/// What a push may carry, counted in the bytes that go out. The door asks before it accepts; the workers write with the same escapes
/// (<see cref="RequiredEscapes"/>), so that what was accepted fits.
/// </summary>
public static class PushSize
{
    /// <summary>
    /// Bytes for title, body and data together. APNs takes 4,096 bytes of JSON (Apple, "Generating a remote notification"), FCM 4,096 bytes
    /// of keys and values (Firebase, "About FCM messages"), which it makes JSON of where the device is Apple's. What we and FCM add around
    /// them stays below 400.
    /// </summary>
    public const int MaxBytes = 4_096 - 400;

    private const int AroundEntry = 6; // of "key":"value", what is neither

    /// <summary>The bytes that these take as JSON.</summary>
    public static int Of(string? title, string? body, IEnumerable<KeyValuePair<string, string>> data) =>
        RequiredEscapes.LengthOf(title)
        + RequiredEscapes.LengthOf(body)
        + data.Sum(entry => RequiredEscapes.LengthOf(entry.Key) + RequiredEscapes.LengthOf(entry.Value) + AroundEntry);
}
