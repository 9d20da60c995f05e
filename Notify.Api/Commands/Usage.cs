namespace Notify.Api.Commands;

/// <summary>What the program says about itself.</summary>
internal static class Usage
{
    public const string Text = """
        Notify.Api: the HTTP API of Notify, a notification platform.

        Usage:
          Notify.Api [--Setting=value …]         serves the API (POST /v1/notifications; its description is at /openapi/v1.json)
          Notify.Api migrate                     brings the database and the topics up to date, and ends
          Notify.Api keys create --tenant T --scopes send,read,manage,operate [--id NAME] [--days N]
                                                 makes an API key, and the tenant where it is new, and prints the key once
          Notify.Api help                        prints this

        Settings come from the command line (--Name=value or --Name value), environment variables (Name__Part=value) and appsettings.json.
        Needed: ConnectionStrings:kafka (host:port), ConnectionStrings:redis (host:port), ConnectionStrings:notifydb (Host=…;Username=…;Password=…;Database=…);
        migrate needs kafka and notifydb; keys only notifydb, which it finds by itself while a host of the same clone runs.
        The address to listen on: --urls=http://localhost:8080.

        """;

    /// <summary>What to print, and the exit code, where the words ask for help or make no sense; null where they are settings of the server
    /// or one of its commands.</summary>
    public static (string Text, int ExitCode)? For(string[] args) =>
        args switch
        {
            ["help" or "--help" or "-h" or "-?" or "/?", ..] => (Text, 0),
            ["migrate" or "keys", .., "--help" or "-h"] => (Text, 0),
            ["migrate" or "keys", ..] or [] => null,
            [var word, ..]
                when word.StartsWith("--", StringComparison.Ordinal)
                    || word.StartsWith('/')
                    || word.Contains('=', StringComparison.Ordinal) => null, // a setting
            [var word, ..] => ($"There is no command {word}.\n\n{Text}", 2),
        };
}
