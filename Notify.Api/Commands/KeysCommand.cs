using System.Globalization;
using Notify.Api.Keys;
using Notify.Core.Data;
using Notify.Core.Notifications;
using Notify.Running;
using Npgsql;

namespace Notify.Api.Commands;

/// <summary><c>Notify.Api keys create --tenant T --scopes send,read [--id NAME] [--days N]</c>: makes a key, and the tenant where it is
/// new, and prints the key once.</summary>
internal static class KeysCommand
{
    private const string Usage = "Usage: Notify.Api keys create --tenant T --scopes send,read,manage,operate [--id NAME] [--days N]";

    private static readonly TimeSpan s_untilKnown = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args)
    {
        if (Parse(args, out var options) is { } wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong}\n{Usage}");
            return 2;
        }
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (await FindDatabaseAsync(builder.Configuration) is false)
            return 1;
        builder.AddNotifyData();
        using var host = builder.Build();
        var key = KeyText.New();
        var now = TimeProvider.System.GetUtcNow();
        try
        {
            await KeyStore.AddAsync(
                host.Services.GetRequiredService<NpgsqlDataSource>(),
                options.Tenant,
                options.Id,
                key,
                options.Scopes,
                options.Days is { } days ? now.AddDays(days) : null,
                now,
                CancellationToken.None
            );
        }
        catch (Exception fault) when (CommandFaults.Explain(fault, builder.Configuration) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
        // A running Api asks for unknown keys at most once a second: after this, the new one works at its first request.
        await Task.Delay(s_untilKnown);
        Console.WriteLine(key);
        await Console.Error.WriteLineAsync(
            $"Key {options.Id} of tenant {options.Tenant} ({string.Join(", ", options.Scopes)}). It is shown this once; only its hash is kept."
        );
        return 0;
    }

    /// <summary>Without a configured connection string, takes the database of the host that runs from this clone.</summary>
    private static async Task<bool> FindDatabaseAsync(ConfigurationManager configuration)
    {
        if (!string.IsNullOrEmpty(configuration.GetConnectionString(DataExtensions.ConnectionName)))
            return true;
        switch (RunRecord.Beside(AppContext.BaseDirectory))
        {
            case [var host]:
                configuration[$"ConnectionStrings:{DataExtensions.ConnectionName}"] = host.Database;
                return true;
            case []:
                await Console.Error.WriteLineAsync(
                    $"Which database? No host runs from this clone. Start one (dotnet run --project Notify.AppHost), or set ConnectionStrings__{DataExtensions.ConnectionName}."
                );
                return false;
            case var hosts:
                await Console.Error.WriteLineAsync(
                    $"Which database? {hosts.Count} hosts run from this clone (processes {string.Join(", ", hosts.Select(host => host.Process))}). "
                        + $"Set ConnectionStrings__{DataExtensions.ConnectionName} to one of those that 'dotnet run --project Notify.AppHost -- info' prints."
                );
                return false;
        }
    }

    /// <summary>What is wrong with the words; null where they are right.</summary>
    internal static string? Parse(string[] args, out KeysCreateOptions options)
    {
        options = new("", [], "", null);
        if (args is not ["create", .. var rest])
            return "There is one verb: create.";
        if (rest.Length % 2 != 0)
            return $"{rest[^1]} has no value.";
        var (tenant, scopes, id, days) = ("", Array.Empty<string>(), Guid.CreateVersion7().ToString("N")[..12], (int?)null);
        foreach (var pair in rest.Chunk(2))
        {
            switch (pair[0])
            {
                case "--tenant":
                    tenant = pair[1];
                    break;
                case "--scopes":
                    scopes = pair[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    break;
                case "--id":
                    id = pair[1];
                    break;
                case "--days"
                    when int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is > 0 and <= 3_650:
                    days = given;
                    break;
                case "--days":
                    return "--days takes a whole number from 1 to 3650.";
                default:
                    return $"There is no option {pair[0]}.";
            }
        }
        if (!StoredText.IsName(tenant, 64) || tenant.Any(char.IsWhiteSpace))
            return "--tenant takes a name of 1 to 64 characters without spaces.";
        if (!StoredText.IsName(id, 64))
            return "--id takes a name of 1 to 64 characters.";
        if (scopes.Length == 0 || scopes.Except(Scopes.All).Any())
            return $"--scopes takes one or more of {string.Join(", ", Scopes.All)}, separated by commas.";
        options = new(tenant, [.. scopes.Distinct()], id, days);
        return null;
    }
}

/// <summary>What <c>keys create</c> was asked for.</summary>
internal sealed record KeysCreateOptions(string Tenant, IReadOnlyList<string> Scopes, string Id, int? Days);
