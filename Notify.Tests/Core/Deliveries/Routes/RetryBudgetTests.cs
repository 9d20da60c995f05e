using Notify.Core.Deliveries.Routes;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Deliveries.Routes;

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

        Assert.InRange(retries, share + 9, share + 10);   // sums of tenths may stay a hair below
    }

    [Fact]
    public void Steady_failure_costs_a_tenth_more_calls_and_one_a_second()
    {
        var budget = new RetryBudget(0.1, _time);
        var retries = 0;
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 100; i++)
            {
                budget.Earn();
                retries += Spend(budget, 1);
            }
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(retries, 600, 670);
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
    public void Good_times_are_saved_up_to_a_hundred_retries()
    {
        var budget = new RetryBudget(0.1, _time);
        for (var i = 0; i < 1_000_000; i++)
            budget.Earn();

        Assert.Equal(100, Spend(budget, 1_000));
    }

    [Fact]
    public void Retry_that_succeeds_costs_nothing()
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
