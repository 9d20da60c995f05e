namespace Notify.Core.Messaging;

/// <summary>The work behind a lane.</summary>
public interface IRecordHandler
{
    /// <summary>How many records of a lane may be open at a time, worked on or held; the next batch is at most what is left of
    /// it.</summary>
    int MaxInFlight { get; }

    /// <summary>
    /// Takes a batch. Called on the consume thread, in the order of the records; yields before it does anything that takes time.
    /// Each record is to be <see cref="ConsumedRecord.Finish"/>ed when its work is durable. Handles its own faults; a record that is never
    /// finished holds its partition's offset, and is read again after a restart.
    /// </summary>
    Task HandleAsync(IReadOnlyList<ConsumedRecord> batch, CancellationToken cancellationToken);

    /// <summary>What runs beside the reading, as long as the lane does; a fault that comes out of it ends the lane.</summary>
    Task RunAsync(CancellationToken stopping) => Task.CompletedTask;
}
