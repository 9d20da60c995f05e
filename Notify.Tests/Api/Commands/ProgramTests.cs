namespace Notify.Tests.Api.Commands;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("Notify.Api")]
    [InlineData("Notify.Workers.Router")]
    [InlineData("Notify.Workers.Push")]
    [InlineData("Notify.Workers.Email")]
    [InlineData("Notify.Workers.Sms")]
    [InlineData("Notify.Sandbox")]
    public Task Program_without_icu_says_in_a_line_what_to_install(string program) => ProgramRun.AssertAsksForIcuAsync(program);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("keys --help")]
    [InlineData("keys create --help")]
    [InlineData("migrate -h")]
    public async Task Help_is_printed_and_is_no_fault(string words)
    {
        var run = await ProgramRun.ToEndAsync("Notify.Api", words);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(["migrate", "keys create", "ConnectionStrings:kafka"], part =>
            Assert.Contains(part, run.Output, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("kyes create", "kyes")]
    [InlineData("migrat", "migrat")]
    [InlineData("-x", "-x")]
    public async Task Word_that_is_no_command_is_named_with_what_there_is(string words, string named)
    {
        var run = await ProgramRun.ToEndAsync("Notify.Api", words);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"There is no command {named}.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("keys create", run.Errors, StringComparison.Ordinal);
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("Notify.Api", "", "kafka redis notifydb")]
    [InlineData("Notify.Api", "--Name=value --Other value", "kafka redis notifydb")]
    [InlineData("Notify.Api", "migrate", "kafka notifydb")]
    [InlineData("Notify.Workers.Router", "", "kafka redis notifydb")]
    [InlineData("Notify.Workers.Push", "", "kafka redis notifydb")]
    [InlineData("Notify.Workers.Email", "", "kafka redis notifydb")]
    [InlineData("Notify.Workers.Sms", "", "kafka redis notifydb")]
    public async Task Missing_connection_string_is_a_line_that_names_the_setting(string program, string words, string missing)
    {
        var run = await ProgramRun.ToEndAsync(program, words);

        Assert.Equal(1, run.ExitCode);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(missing.Split(' '), name =>
            Assert.Single(lines, line => line.StartsWith($"Settings: ConnectionStrings:{name} is missing.", StringComparison.Ordinal))
        );
        run.AssertNoStackTrace();
    }

    [Theory]
    [InlineData("Router:MaxInFlight", "many")]
    [InlineData("Kafka:FetchWait", "soon")]
    [InlineData("Kafka:Partitions", "a dozen")]
    [InlineData("Kafka:Partitions", "0")]
    public async Task Value_of_another_kind_is_a_line_too(string setting, string value)
    {
        var run = await ProgramRun.ToEndAsync(
            "Notify.Workers.Router",
            $"--{setting}={value.Replace(' ', '-')}",
            ("kafka", "127.0.0.1:1"),
            ("redis", "127.0.0.1:1"),
            ("notifydb", "Host=127.0.0.1;Port=1")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            setting.Split(':')[1],
            Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }
}
