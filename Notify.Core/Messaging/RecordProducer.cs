using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>
/// Produces records and says when the broker has persisted them. One producer a process, idempotent, acks=all.
/// </summary>
public sealed class RecordProducer(IProducer<byte[], byte[]> producer)
{
    /// <summary>Ends when the record is persisted; a record whose fate is unknown or that was refused is a
    /// <see cref="ProduceFailedException"/>.</summary>
    public Task ProduceAsync(string topic, byte[] key, byte[] value, Headers headers)
    {
        var completion = new ProduceCompletion();
        Produce(topic, key, value, headers, completion.Handle);
        return completion.Task;
    }

    /// <summary>Ends when the fate of each is known, in their order, or when the patience is over: what Kafka has not confirmed by then
    /// counts as unconfirmed, and may be persisted all the same.</summary>
    /// <param name="records">What is to be produced.</param>
    /// <param name="patience">How long to wait; null for as long as the client itself tries.</param>
    public async Task<ProduceResult[]> TryProduceAllAsync(IReadOnlyList<OutgoingRecord> records, TimeSpan? patience = null)
    {
        var results = new ProduceResult[records.Count];
        if (records.Count == 0)
            return results;
        var completion = new ProduceCompletion(records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var (record, index) = (records[i], i);
            try
            {
                Produce(record.Topic, record.Key, record.Value, record.Headers, report =>
                {
                    results[index] = report is { Error.IsError: false, Status: PersistenceStatus.Persisted }
                        ? ProduceResult.Persisted
                        : ResultOf(report.Error.Code);
                    completion.CountDown();
                });
            }
            catch (ProduceFailedException failed)
            {
                results[i] = ResultOf(failed.Code);
                completion.CountDown();
            }
        }
        try
        {
            await CompleteAsync().WaitAsync(patience ?? Timeout.InfiniteTimeSpan);
            return results;
        }
        catch (TimeoutException)
        {
            return [.. results]; // answers that come later change the other
        }

        async Task CompleteAsync()
        {
            await completion.Task;
            await TryAloneAsync(records, results);
        }
    }

    /// <summary>
    /// A broker that takes less than the client refuses everything that travels with a record that is too large: each of them is asked for
    /// again, by itself. Once one of these is not confirmed the others are not asked for: each could take the whole timeout, one after the
    /// other, while the caller may hold rows.
    /// </summary>
    private async Task TryAloneAsync(IReadOnlyList<OutgoingRecord> records, ProduceResult[] results)
    {
        var isAway = false;
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] != ProduceResult.TooLarge)
                continue;
            results[i] = isAway ? ProduceResult.Unconfirmed : await TryProduceAloneAsync(records[i]);
            isAway |= results[i] == ProduceResult.Unconfirmed;
        }
    }

    private async Task<ProduceResult> TryProduceAloneAsync(OutgoingRecord record)
    {
        try
        {
            await ProduceAsync(record.Topic, record.Key, record.Value, record.Headers);
            return ProduceResult.Persisted;
        }
        catch (ProduceFailedException failed)
        {
            return ResultOf(failed.Code);
        }
    }

    private static ProduceResult ResultOf(ErrorCode fault) =>
        fault is ErrorCode.MsgSizeTooLarge ? ProduceResult.TooLarge : ProduceResult.Unconfirmed;

    private void Produce(string topic, byte[] key, byte[] value, Headers headers, Action<DeliveryReport<byte[], byte[]>> handler)
    {
        try
        {
            producer.Produce(
                topic,
                new Message<byte[], byte[]>
                {
                    Key = key,
                    Value = value,
                    Headers = headers,
                },
                handler
            );
        }
        catch (KafkaException refused) // the local queue is full, the record too large, the client fatally failed
        {
            throw new ProduceFailedException(refused.Error.Code);
        }
    }

    /// <summary>Counts the reports of one call down. Reports come on the client's poll thread, so the waiting code continues
    /// elsewhere.</summary>
    private sealed class ProduceCompletion(int expected = 1)
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = expected;
        private int _failure = (int)ErrorCode.NoError;

        public Task Task => _source.Task;

        public void Handle(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError || report.Status != PersistenceStatus.Persisted)
                Volatile.Write(ref _failure, (int)(report.Error.IsError ? report.Error.Code : ErrorCode.Unknown));
            CountDown();
        }

        public void CountDown()
        {
            if (Interlocked.Decrement(ref _left) != 0)
                return;
            if (Volatile.Read(ref _failure) is not (int)ErrorCode.NoError and var code)
                _source.TrySetException(new ProduceFailedException((ErrorCode)code));
            else
                _source.TrySetResult();
        }
    }
}

/// <summary>A record to be produced.</summary>
public sealed record OutgoingRecord(string Topic, byte[] Key, byte[] Value, Headers Headers);

/// <summary>What became of a record: persisted, not confirmed (it may be lost or, where the answer was lost, persisted), or refused for
/// good, since it is larger than Kafka takes.</summary>
public enum ProduceResult
{
    Unconfirmed,
    Persisted,
    TooLarge,
}

/// <summary>The broker did not confirm a record: it may be lost or, where the answer was lost, persisted.</summary>
public sealed class ProduceFailedException(ErrorCode code) : Exception($"Kafka did not confirm the record ({code}).")
{
    public ErrorCode Code { get; } = code;
}
