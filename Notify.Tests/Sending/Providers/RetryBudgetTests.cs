using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Sending.Providers;

public sealed class RetryBudgetTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0.1, 2_000, 200)]
    [InlineData(0.5, 2_000, 1_000)]
    [InlineData(0, 2_000, 0)]
    public void Retries_are_their_share_of_first_calls_and_the_few_it_starts_with(double ratio, int calls, int share)
    {
        var budget = new RetryBudget(ratio, _time);
        var retries = 0;
        for (var i = 0; i < calls; i++)
        {
            budget.Earn();
            retries += Spend(budget, 1);
        }

        Assert.InRange(retries, share + 9, share + 10); // what the first calls earn while ten are saved is lost
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(11, 1.1)]
    [InlineData(10, 1)]
    [InlineData(3, 1)]
    public void Steady_failure_costs_a_tenth_more_calls_or_one_a_second(int perSecond, double expected)
    {
        var budget = new RetryBudget(0.1, _time);
        Spend(budget, 10);
        var retries = 0;
        for (var call = 0; call < 600 * perSecond; call++)
        {
            budget.Earn();
            retries += Spend(budget, 3);
            _time.Advance(TimeSpan.FromSeconds(1) / perSecond);
        }

        Assert.InRange(retries, 600 * expected - 2, 600 * expected + 2);
    }

    [Fact]
    public void One_a_second_remains_for_a_provider_without_first_calls()
    {
        var budget = new RetryBudget(0.1, _time);
        Assert.Equal(10, Spend(budget, 100));
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.Equal(0, Spend(budget, 100));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, Spend(budget, 100));
        }
    }

    [Fact]
    public void Neither_good_times_nor_quiet_ones_save_more_than_ten()
    {
        var budget = new RetryBudget(0.1, _time);
        for (var i = 0; i < 1_000; i++)
            budget.Earn();
        Assert.Equal(10, Spend(budget, 1_000));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(10, Spend(budget, 1_000));
    }

    [Fact]
    public void Retry_that_was_not_made_costs_nothing()
    {
        var budget = new RetryBudget(0.1, _time);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(1, Spend(budget, 1));
            budget.GiveBack();
        }

        Assert.Equal(10, Spend(budget, 100));
    }

    private static int Spend(RetryBudget budget, int tries) => Enumerable.Range(0, tries).Count(_ => budget.TrySpend());
}
