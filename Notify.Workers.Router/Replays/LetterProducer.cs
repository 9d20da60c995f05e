using Confluent.Kafka;
using Notify.Core.DeadLetters;
using Notify.Core.Messaging;

namespace Notify.Workers.Router.Replays;

/// <summary>Puts the records of letters back on their topics.</summary>
internal sealed class LetterProducer(RecordProducer producer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Produces those that are not skipped, and skips those that cannot be produced.</summary>
    /// <exception cref="ProduceFailedException">A fault that passes, or no answer for five seconds, in which the step's rows are held: the
    /// step is to be taken again.</exception>
    public async Task ProduceAsync(List<TakenLetter> letters, Dictionary<Guid, string> skipped)
    {
        var records = new List<(Guid Letter, OutgoingRecord Record)>();
        foreach (var letter in letters.Where(letter => letter.Kind == DeadLetterKinds.Record && !skipped.ContainsKey(letter.Id)))
        {
            if (letter.TryToRecord() is { } record)
                records.Add((letter.Id, record));
            else
                skipped[letter.Id] = SkipReasons.Unreadable;
        }
        try
        {
            var refused = await RefusalsOfAsync(records.ConvertAll(entry => entry.Record)).WaitAsync(Patience);
            for (var i = 0; i < records.Count; i++)
            {
                if (refused[i] != ErrorCode.NoError)
                    skipped[records[i].Letter] = SkipReasons.NotProduced;
            }
        }
        catch (TimeoutException)
        {
            throw new ProduceFailedException(ErrorCode.Local_MsgTimedOut);
        }
    }

    private async Task<ErrorCode[]> RefusalsOfAsync(List<OutgoingRecord> records)
    {
        var refused = await Task.WhenAll(records.Select(RefusalOfAsync));
        for (var i = 0; i < refused.Length; i++)
        {
            if (refused[i] == ErrorCode.MsgSizeTooLarge) // perhaps only because of another that travelled with it
                refused[i] = await RefusalOfAsync(records[i]);
        }
        return refused;
    }

    /// <summary>Why Kafka will never take it; none where it has it.</summary>
    private async Task<ErrorCode> RefusalOfAsync(OutgoingRecord record)
    {
        try
        {
            await producer.ProduceAsync(record.Topic, record.Key, record.Value, record.Headers);
            return ErrorCode.NoError;
        }
        catch (ProduceFailedException failed) when (IsForGood(failed.Code))
        {
            return failed.Code;
        }
    }

    private static bool IsForGood(ErrorCode code) =>
        code is ErrorCode.MsgSizeTooLarge or ErrorCode.TopicException or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic;
}
