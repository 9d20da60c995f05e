namespace Notify.Core.Messaging;

/// <summary>The work behind a lane.</summary>
public interface IRecordHandler
{
    /// <summary>How many records may be in flight in one lane at a time; the next batch is at most what is left of it.</summary>
    int MaxInFlight { get; }

    /// <summary>
    /// Works on a batch. Called on the consume thread, in the order of the records; yields before it does anything that takes time.
    /// Then it calls <see cref="ConsumedRecord.Finish"/> and then <paramref name="release"/> once for each record when its work is durable.
    /// Handles its own faults; a record that is never finished holds its partition's offset, and is read again after a restart.
    /// </summary>
    Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, Action<int> release, CancellationToken cancellationToken);
}
