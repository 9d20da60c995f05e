using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>
/// A record that was read: being worked on, held until its turn comes, or at its end. A held record can be withdrawn when its partition
/// goes; one that is worked on is waited for.
/// </summary>
public sealed class ConsumedRecord
{
    private const long MaxMilliseconds = 253_402_300_799_999; // the end of year 9999
    private const int Working = 0;
    private const int Held = 1;
    private const int Withdrawn = 2;
    private const int Finished = 3;
    private readonly Action<ConsumedRecord>? _ended;
    private readonly Timestamp _time;
    private byte[]? _packedHeaders;
    private Headers? _headers;
    private int _stage = Working;

    /// <param name="result">What the client read. Thousands of records are held at a time: its objects are not kept for their parts.</param>
    /// <param name="ended">Called once, when the record is finished or withdrawn.</param>
    /// <param name="topic">Where it was read; null where the result itself says it.</param>
    public ConsumedRecord(ConsumeResult<byte[], byte[]> result, Action<ConsumedRecord>? ended = null, string? topic = null)
    {
        var message = result.Message;
        (Topic, Partition, Offset) = (topic ?? result.Topic, result.Partition.Value, result.Offset.Value);
        (Key, Value) = (message.Key ?? [], message.Value ?? []);
        (_time, _headers, _ended) = (message.Timestamp, message.Headers ?? [], ended);
    }

    public string Topic { get; }

    public int Partition { get; }

    public long Offset { get; }

    public byte[] Key { get; }

    public byte[] Value { get; }

    public Headers Headers => Volatile.Read(ref _headers) ?? PackedHeaders.Unpack(_packedHeaders!);

    /// <summary>
    /// Keeps the headers as one piece of memory from now on, once what is needed of them is read: each is three objects, which the garbage
    /// collector would look through again and again as long as the record is held.
    /// </summary>
    public void PackHeaders()
    {
        if (_headers is not { } headers)
            return;
        _packedHeaders = PackedHeaders.Pack(headers);
        Volatile.Write(ref _headers, null);
    }

    /// <summary>The record's own time; null where the broker keeps none, and where the producer wrote a number that is no time from 1970 to
    /// 9999.</summary>
    public DateTimeOffset? Time =>
        _time is { Type: not TimestampType.NotAvailable, UnixTimestampMs: >= 0 and <= MaxMilliseconds }
            ? DateTimeOffset.FromUnixTimeMilliseconds(_time.UnixTimestampMs)
            : null;

    public bool IsFinished => Volatile.Read(ref _stage) == Finished;

    /// <summary>Whether somebody works on it now.</summary>
    public bool IsWorkedOn => Volatile.Read(ref _stage) == Working;

    /// <summary>Whether it is finished or withdrawn: nobody works on it, or may begin to.</summary>
    public bool HasEnded => Volatile.Read(ref _stage) is Withdrawn or Finished;

    /// <summary>Puts it aside until its turn comes; nothing has been done about it yet.</summary>
    public void Hold() => Interlocked.CompareExchange(ref _stage, Held, Working);

    /// <summary>Takes it up again; false when it was withdrawn meanwhile and belongs to somebody else.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _stage, Working, Held) == Held;

    /// <summary>Takes a held record away from whoever was to work on it.</summary>
    public void Withdraw()
    {
        if (Interlocked.CompareExchange(ref _stage, Withdrawn, Held) == Held)
            _ended?.Invoke(this);
    }

    /// <summary>
    /// Says that everything this record asked for is durable. Of one that went to another member it says nothing: that one's offset
    /// counts.
    /// </summary>
    public void Finish()
    {
        if (Interlocked.CompareExchange(ref _stage, Finished, Working) == Working)
            _ended?.Invoke(this);
    }
}
