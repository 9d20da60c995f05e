using Notify.Core.Deliveries.Routes;

namespace Notify.Tests.Core.Deliveries.Routes;

public sealed class RampTests
{
    private readonly Ramp _ramp = new();

    [Fact]
    public void Provider_that_is_well_gets_any_number_of_calls()
    {
        Assert.Equal(5_000, Enter(5_000));
        for (var i = 0; i < 5_000; i++)
            _ramp.Leave(succeeded: false);   // failures alone start no ramp: the breaker does
        Assert.False(_ramp.IsActive);
        Assert.Equal(5_000, Enter(5_000));
    }

    [Fact]
    public void Ramp_starts_at_four_and_doubles_with_each_round_that_succeeds_until_it_is_over()
    {
        _ramp.Start();
        for (var ceiling = 4; ceiling <= 512; ceiling *= 2)
        {
            Assert.True(_ramp.IsActive);
            Assert.Equal(ceiling, Enter(5_000));
            for (var i = 0; i < ceiling; i++)
                _ramp.Leave(succeeded: true);
        }

        Assert.False(_ramp.IsActive);
        Assert.Equal(5_000, Enter(5_000));
    }

    [Fact]
    public void Each_failure_halves_it_and_one_call_always_remains()
    {
        _ramp.Start();
        for (var i = 0; i < 12; i++)
        {
            Assert.True(_ramp.TryEnter());
            _ramp.Leave(succeeded: true);
        }
        foreach (var ceiling in new[] { 8, 4, 2, 1, 1 })
        {
            Assert.True(_ramp.TryEnter());
            _ramp.Leave(succeeded: false);
            Assert.Equal(ceiling, Enter(100));
            for (var i = 0; i < ceiling; i++)
                _ramp.Leave(null);
        }
    }

    [Fact]
    public void What_was_not_called_proves_nothing()
    {
        _ramp.Start();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(_ramp.TryEnter());
            _ramp.Leave(null);
        }

        Assert.Equal(4, Enter(100));
    }

    [Fact]
    public void Calls_from_before_it_started_take_their_places()
    {
        Assert.Equal(3, Enter(3));
        _ramp.Start();

        Assert.Equal(1, Enter(100));
    }

    private int Enter(int tries) => Enumerable.Range(0, tries).Count(_ => _ramp.TryEnter());
}
