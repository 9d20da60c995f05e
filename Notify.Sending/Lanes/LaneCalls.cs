using Notify.Sending.Providers;

namespace Notify.Sending.Lanes;

/// <summary>
/// The calls that a lane has under way, and how many it may begin. Those at a provider that has fallen silent take nobody's room: they hang
/// there until they time out, while another provider could work. All together they are at most twice what the options allow.
/// </summary>
internal sealed class LaneCalls<TMessage>(LaneGate<TMessage> gate, int most)
{
    private readonly int[] _at = new int[gate.Members.Count + 1]; // by provider; the last are those that need none

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
                if (i < gate.Members.Count && gate.Members[i].IsSilent)
                    hanging += count;
            }
            return Math.Min(Concurrency - (all - hanging), (2 * most) - all);
        }
    }

    public void Begin(RouteMember<TMessage>? member) => Interlocked.Increment(ref _at[IndexOf(member)]);

    public void End(RouteMember<TMessage>? member) => Interlocked.Decrement(ref _at[IndexOf(member)]);

    private int IndexOf(RouteMember<TMessage>? member)
    {
        for (var i = 0; i < gate.Members.Count; i++)
        {
            if (ReferenceEquals(gate.Members[i], member))
                return i;
        }
        return gate.Members.Count;
    }
}
