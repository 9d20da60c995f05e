using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Support;
using Notify.Workers.Push.Tokens;

namespace Notify.Tests.Workers.Push.Tokens;

public sealed class RefusedTokensTests
{
    private const int Many = 20_000;
    private readonly ManualTime _time = new();

    [Fact]
    public void Refusals_of_a_large_app_are_judged_without_going_through_all_its_tokens()
    {
        var tokens = new RefusedTokens(new(), _time);
        string[] good = [.. Enumerable.Range(0, Many).Select(i => $"good{i}")];
        string[] refused = [.. Enumerable.Range(0, 500).Select(i => $"refused{i}")];
        foreach (var half in (int[])[0, 1])
        {
            Array.ForEach(good, tokens.Taken);
            Array.ForEach(refused, token => Assert.False(tokens.Refused(token, TokenDoubt.Setting)));
            if (half == 0)
                _time.Advance(new TokenOptions().Window / 2);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();

        Array.ForEach(refused, token => Assert.False(tokens.Refused(token, TokenDoubt.Setting)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Many * refused.Length); // less than a byte a token each time
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Doubt_is_raised_exactly_when_the_window_has_too_many_different_refused_tokens(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
            PlayUntilDoubted(random);
    }

    private void PlayUntilDoubted(Random random)
    {
        var options = new TokenOptions
        {
            AtLeast = 5,
            Share = 0.3,
            GoneShare = 0.5,
            Window = TimeSpan.FromMinutes(10),
        };
        var (tokens, model) = (new RefusedTokens(options, _time), new Model(options));
        for (var step = 0; step < 200; step++)
        {
            var token = $"t{random.Next(40)}";
            switch (random.Next(12))
            {
                case 0:
                    var halves = random.Next(1, 4);
                    _time.Advance(options.Window / 2 * halves);
                    model.Turn(halves);
                    break;
                case < 8:
                    tokens.Taken(token);
                    model.Taken(token);
                    break;
                default:
                    var doubt = random.Next(2) == 0 ? TokenDoubt.Setting : TokenDoubt.Project;
                    var doubted = tokens.Refused(token, doubt);
                    Assert.Equal(model.Refused(token, doubt), doubted);
                    if (doubted)
                        return;
                    break;
            }
        }
    }

    /// <summary>The rule in its plainest words: sets of both halves, put together for each question.</summary>
    private sealed class Model(TokenOptions options)
    {
        private static readonly string[] s_kinds = ["taken", "setting", "project"];
        private Dictionary<string, HashSet<string>> _before = Half();
        private Dictionary<string, HashSet<string>> _now = Half();

        public void Turn(int halves) => (_before, _now) = (halves == 1 ? _now : Half(), Half());

        public void Taken(string token)
        {
            _now["taken"].Add(token);
            _now["setting"].Remove(token);
            _now["project"].Remove(token);
        }

        public bool Refused(string token, TokenDoubt doubt)
        {
            _now[doubt == TokenDoubt.Setting ? "setting" : "project"].Add(token);
            var setting = Count("setting");
            var refused = setting + Count("project");
            var all = refused + Count("taken");
            return (setting >= options.AtLeast && setting > options.Share * all)
                || (refused >= options.AtLeast && refused > options.GoneShare * all);
        }

        private int Count(string kind) => _now[kind].Union(_before[kind]).Count();

        private static Dictionary<string, HashSet<string>> Half() => s_kinds.ToDictionary(kind => kind, _ => new HashSet<string>());
    }
}
