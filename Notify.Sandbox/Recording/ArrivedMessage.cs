namespace Notify.Sandbox.Recording;

/// <summary>
/// One accepted message as it came. Only what answers and counters need is read on arrival; the rest is read from
/// <see cref="Body"/> when somebody looks.
/// </summary>
internal sealed class ArrivedMessage
{
    /// <summary>Rough size of an entry without its body and headers, in bytes.</summary>
    private const int Overhead = 400;

    /// <summary>Place in the order of arrival, from 1; given by the store.</summary>
    public long Seq { get; set; }

    public required Provider Provider { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Device token, topic, number or mail addresses (several are joined with a comma and a space).</summary>
    public required string To { get; init; }

    /// <summary>Firebase project, APNs topic, sending number, sending address or envelope sender.</summary>
    public required string From { get; init; }

    /// <summary>The id the provider answered with.</summary>
    public required string ProviderId { get; init; }

    public Guid? DeliveryId { get; init; }

    /// <summary>Names and values in turn; credentials are left out.</summary>
    public required string[] Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>False where a behaviour dropped the answer: the sender does not know that this was accepted.</summary>
    public bool Answered { get; init; } = true;

    public int Size => Overhead + Body.Length;

    public bool IsTo(string address) =>
        string.Equals(To, address, StringComparison.OrdinalIgnoreCase)
        || (To.Contains(", ", StringComparison.Ordinal) && To.Split(", ").Contains(address, StringComparer.OrdinalIgnoreCase));
}
