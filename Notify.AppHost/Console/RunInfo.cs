using Notify.Running;

namespace Notify.AppHost.Console;

/// <summary>The block that says where everything is: printed when all is up, and by <c>dotnet run --project Notify.AppHost --
/// info</c>.</summary>
internal static class RunInfo
{
    private const string Body =
        """{"recipients":[{"email":"ada@example.test","phone":"+15005550009","push":{"platform":"fcm","token":"adas-phone"}}],"message":{"title":"Your parcel is here","body":"Pick it up by 18:00."}}""";

    /// <summary><c>info</c>: the hosts of this clone that run now.</summary>
    /// <returns>The exit code.</returns>
    public static int Print()
    {
        var running = RunRecord.Beside(AppContext.BaseDirectory);
        if (running.Count == 0)
            HostConsole.Complain("No host runs here. Start one: dotnet run --project Notify.AppHost");
        foreach (var record in running)
            HostConsole.Say(Text(record, withDatabase: true));
        return running.Count == 0 ? 1 : 0;
    }

    /// <param name="record">Of the host.</param>
    /// <param name="withDatabase">Whether the connection string is shown, which holds a password; otherwise the command that shows
    /// it.</param>
    public static string Text(RunRecord record, bool withDatabase)
    {
        var lines = new List<string>
        {
            "",
            "Notify is up.",
            Line("Dashboard", record.Dashboard),
            Line("API", $"{record.Api}   (reference: {record.Api}/docs)"),
            Line("What arrived", record.Arrived),
            Line("Kafka", record.KafkaNote is null ? record.Kafka : $"{record.Kafka}   ({record.KafkaNote})"),
            Line("Redis", withDatabase ? record.Redis : null),
            Line(
                "Postgres",
                withDatabase ? record.Database : "dotnet run --project Notify.AppHost -- info   (prints the connection string)"
            ),
            Line("Data", record.DataFolder),
            Line(
                "Try",
                $"curl -s {record.Api}/v1/notifications -H 'Authorization: Bearer {record.ApiKey}' -H 'Content-Type: application/json' -d '{Body}'"
            ),
            Line("What became", $"curl -s {record.Api}/v1/notifications/ID -H 'Authorization: Bearer {record.ApiKey}'"),
            Line("Stop", withDatabase ? $"kill {record.Process}" : "Ctrl+C"),
            "",
        };
        return string.Join(Environment.NewLine, lines.Where(line => line != " "));
    }

    /// <summary>A line to drop where there is nothing to say.</summary>
    private static string Line(string name, string? value) => value is null ? " " : $"  {name + ":", -14} {value}";
}
