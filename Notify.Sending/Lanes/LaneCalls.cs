using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>
/// The calls that a lane has under way, and how many it may begin. Those at a provider that has fallen silent take nobody's room: they hang
/// there until they time out, while another provider could work. All together they are at most twice what the options allow.
/// </summary>
internal sealed class LaneCalls(LaneGate gate, int most)
{
    private readonly int[] _at = new int[gate.Accounts.Count + 1]; // by provider; the last are those that need none

    /// <summary>Calls that may be under way at a time.</summary>
    public int Concurrency => gate.ConcurrencyOf(most);

    /// <summary>How many more may be begun now; none where it is not positive.</summary>
    public int Room
    {
        get
        {
            var (all, hanging) = (0, 0);
            for (var i = 0; i < _at.Length; i++)
            {
                var count = Volatile.Read(ref _at[i]);
                all += count;
                if (i < gate.Accounts.Count && gate.Accounts[i].IsSilent)
                    hanging += count;
            }
            return Math.Min(Concurrency - (all - hanging), (2 * most) - all);
        }
    }

    public void Begin(IAccount? account) => Interlocked.Increment(ref _at[IndexOf(account)]);

    public void End(IAccount? account) => Interlocked.Decrement(ref _at[IndexOf(account)]);

    private int IndexOf(IAccount? account)
    {
        for (var i = 0; i < gate.Accounts.Count; i++)
        {
            if (ReferenceEquals(gate.Accounts[i], account))
                return i;
        }
        return gate.Accounts.Count;
    }
}
