using Notify.Core.Messaging;

namespace Notify.Tests.Core.Messaging;

public sealed class TenantTurnsTests
{
    private readonly TenantTurns<string> _turns = new();

    [Fact]
    public void Tenants_take_turns_and_each_keeps_its_order()
    {
        Add("a", "a1", "a2", "a3", "a4");
        Add("b", "b1", "b2");
        Add("c", "c1");

        Assert.Equal((7, 3), (_turns.Count, _turns.Tenants));
        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3", "a4"], TakeAll());
        Assert.Equal((0, 0), (_turns.Count, _turns.Tenants));
    }

    [Fact]
    public void What_is_returned_comes_first_again_and_in_its_order()
    {
        Add("a", "a1", "a2", "a3");
        Add("b", "b1");
        Assert.Equal(["a1", "b1", "a2"], Take(3));

        Return("a", "a2");
        Return("b", "b1");
        Return("a", "a1");

        Assert.Equal(5 - 1, _turns.Count);
        Assert.Equal(["a1", "b1", "a2", "a3"], TakeAll());
    }

    [Fact]
    public void Who_comes_later_waits_for_one_turn_of_each()
    {
        Add("a", [.. Enumerable.Range(0, 1_000).Select(i => $"a{i}")]);
        Assert.Equal("a0", Assert.Single(Take(1)));

        Add("b", "b0");

        Assert.Contains("b0", Take(2));
    }

    [Fact]
    public void Turn_is_as_long_as_the_tenants_weight()
    {
        foreach (var i in Enumerable.Range(1, 6))
            _turns.Add("a", $"a{i}", weight: 3);
        Add("b", "b1", "b2", "b3");

        Assert.Equal(["a1", "a2", "a3", "b1", "a4", "a5", "a6", "b2", "b3"], TakeAll());
    }

    [Fact]
    public void What_is_returned_leaves_the_turns_and_weights_as_they_were()
    {
        foreach (var i in Enumerable.Range(1, 4))
            _turns.Add("a", $"a{i}", weight: 3);
        Add("b", "b1");
        Add("c", "c1", "c2");
        string[] order = ["a1", "a2", "a3", "b1", "c1", "a4", "c2"];

        foreach (var _ in Enumerable.Range(0, 5))
        {
            var taken = TakeAll();
            Assert.Equal(order, taken);
            Return(taken, weightOfA: 3);
        }
    }

    [Fact]
    public void Only_what_does_not_come_back_is_a_turn()
    {
        Add("a", [.. Enumerable.Range(1, 100).Select(i => $"a{i}")]);
        Add("b", "b1", "b2", "b3");
        Add("c", "c1", "c2");
        var gone = new List<string>();

        while (gone.Count < 8)
        {
            var taken = TakeAll();
            gone.Add(taken[0]);
            Return(taken[1..]);
        }

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3"], gone);
    }

    [Fact]
    public void Tenant_that_always_has_just_one_does_not_pass_those_with_many()
    {
        Add("a", [.. Enumerable.Range(1, 100).Select(i => $"a{i}")]);
        Add("b", [.. Enumerable.Range(1, 100).Select(i => $"b{i}")]);
        var gone = new List<string>();
        for (var i = 1; gone.Count < 30; i++)
        {
            Add("one", $"one{i}");
            gone.AddRange(Take(3));
        }

        Assert.Equal(10, gone.Count(item => item.StartsWith('a')));
        Assert.Equal(10, gone.Count(item => item.StartsWith('b')));
    }

    [Fact]
    public void What_is_taken_out_leaves_the_rest_in_its_order()
    {
        Add("a", "a1", "a2", "a3", "a4", "a5");
        Add("b", "b1");
        Add("c", "c1", "c2");
        Take(5); // a1 b1 c1 a2 c2
        Return("a", "a2");
        Return("a", "a1");
        Return("b", "b1");

        Assert.Equal(["a1", "a4", "b1"], _turns.TakeOut(item => item is "a1" or "a4" or "b1").Order());

        Assert.Equal((3, 1), (_turns.Count, _turns.Tenants));
        Assert.Equal(["a2", "a3", "a5"], TakeAll());
    }

    private void Add(string tenant, params string[] items)
    {
        foreach (var item in items)
            _turns.Add(tenant, item);
    }

    private void Return(List<string> taken, int weightOfA = 1)
    {
        foreach (var item in Enumerable.Reverse(taken))
            Return(item[..1], item, item[0] == 'a' ? weightOfA : 1);
        _turns.Settle();
    }

    private void Return(string tenant, string item, int weight = 1)
    {
        _turns.KeepTurn(tenant);
        _turns.AddFirst(tenant, item, weight);
    }

    private List<string> Take(int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && _turns.TryTake(out var item))
            taken.Add(item);
        return taken;
    }

    private List<string> TakeAll() => Take(int.MaxValue);
}
