using Notify.Workers.Router.Release;
using Notify.Workers.Router.Shares;

namespace Notify.Tests.Workers.Router;

public sealed class TurnRoundsTests
{
    private readonly TurnRounds _rounds = new();

    [Fact]
    public void Pass_takes_each_tenant_once_in_rounds_of_so_many_critical_ones_first()
    {
        var rooms = Enumerable.Range(0, 250).Select(i => Room($"t{i:000}", i % 50 == 0 ? "critical" : "bulk", room: 1)).ToList();

        var rounds = Pass(rooms, maxRows: 1_000);

        Assert.Equal([100, 100, 50], rounds.Select(round => round.Count));
        Assert.Equal(rooms.Select(turn => turn.Key).ToHashSet(), rounds.SelectMany(round => round).Select(turn => turn.Key).ToHashSet());
        Assert.Equal(["t000", "t050", "t100", "t150", "t200", "t001"], rounds[0].Take(6).Select(turn => turn.Key.Tenant));
        Assert.Equal([100, 100, 50], Pass(rooms, maxRows: 1_000).Select(round => round.Count)); // and the next pass begins anew
    }

    [Theory]
    [InlineData(1_000, new[] { 2, 2, 1 })]
    [InlineData(999, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(10, new[] { 1, 1, 1, 1, 1 })] // one always has its turn
    public void Round_has_so_many_rows(int maxRows, int[] expected) =>
        Assert.Equal(
            expected,
            Pass([.. Enumerable.Range(0, 5).Select(i => Room($"t{i}", room: 500))], maxRows).Select(round => round.Count)
        );

    [Fact]
    public void Tenant_that_has_no_room_any_more_does_not_end_the_pass()
    {
        var rooms = Enumerable.Range(0, 3).Select(i => Room($"t{i}", room: 10)).ToList();
        Assert.Equal("t0", Assert.Single(_rounds.Next(rooms, 10)).Key.Tenant);

        rooms.RemoveRange(0, 2);

        Assert.Equal("t2", Assert.Single(_rounds.Next(rooms, 10)).Key.Tenant);
        Assert.True(_rounds.IsOver);
    }

    [Fact]
    public void Nothing_is_a_pass_of_its_own()
    {
        Assert.Empty(_rounds.Next([], 10));
        Assert.True(_rounds.IsOver);
    }

    private List<List<(LaneTenant Key, int Room)>> Pass(List<(LaneTenant Key, int Room)> rooms, int maxRows)
    {
        var rounds = new List<List<(LaneTenant Key, int Room)>>();
        do rounds.Add(_rounds.Next(rooms, maxRows));
        while (!_rounds.IsOver);
        return rounds;
    }

    private static (LaneTenant Key, int Room) Room(string tenant, string lane = "standard", int room = 1) =>
        (new("sms", lane, tenant), room);
}
