using Notify.Core.Messaging;

namespace Notify.Workers.Router.Intake;

/// <summary>
/// Records that were read and are not routed yet. Tenants take turns, so that one that posts thousands at once delays the others by a batch
/// and not by its backlog; within a tenant the order stays, and with it each person's.
/// </summary>
internal sealed class IntakeQueue(string? defaultTenant)
{
    private const int AloneAtOnce = 500;
    private const int SharedAtOnce = 100; // what somebody else's record waits for at most, and still a batch
    private const int BytesAtOnce = 8 * 1024 * 1024; // written in one statement
    private const int SweepFrom = 1_000;
    private readonly Lock _lock = new();
    private readonly TenantTurns<ConsumedRecord> _turns = new();
    private int _sweepAt = SweepFrom;

    /// <summary>Records that wait, with those that went to another member and have not dropped out yet.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
                return _turns.Count;
        }
    }

    public void Add(IReadOnlyList<ConsumedRecord> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
            {
                record.Hold();
                _turns.Add(TenantOf(record), record);
            }
            if (_turns.Count < _sweepAt)
                return;
            _turns.TakeOut(record => record.HasEnded); // while Postgres is away none has its turn, and every rebalance reads anew beside it
            _sweepAt = Math.Max(SweepFrom, 2 * _turns.Count);
        }
    }

    /// <summary>
    /// The records to be routed next, begun: so many of them, and no further one once they come to so many bytes. Those that went to
    /// another member meanwhile drop out.
    /// </summary>
    public List<ConsumedRecord> Next()
    {
        lock (_lock)
        {
            var most = _turns.Tenants > 1 ? SharedAtOnce : AloneAtOnce;
            var (batch, bytes) = (new List<ConsumedRecord>(Math.Min(most, _turns.Count)), 0);
            while (batch.Count < most && bytes < BytesAtOnce && _turns.TryTake(out var record))
            {
                if (!record.TryBegin())
                {
                    _turns.KeepTurn(TenantOf(record));
                    continue;
                }
                batch.Add(record);
                bytes += record.Value.Length;
            }
            _turns.Settle();
            return batch;
        }
    }

    private string TenantOf(ConsumedRecord record) => record.Headers.Text(RecordHeaders.Tenant) ?? defaultTenant ?? "";
}
