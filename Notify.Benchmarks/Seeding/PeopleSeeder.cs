using System.Globalization;
using System.Text;
using Notify.Benchmarks.Running;
using Notify.Core.Preferences;
using Npgsql;

namespace Notify.Benchmarks.Seeding;

/// <summary>Registers recipients, with as many preferences as are asked for; none of them refuses what the benchmarks send.</summary>
internal static class PeopleSeeder
{
    /// <summary>What the notifications to them are.</summary>
    public const string Category = "category-0";

    private const string Sql = """
        INSERT INTO categories (tenant_id, category_id, definition, created_at, updated_at)
        VALUES (@tenant, @category, '{"title": {"en": "Benchmark"}}', now(), now()) ON CONFLICT DO NOTHING;
        UPDATE tenants SET consent_version = consent_version + 1 WHERE tenant_id = @tenant;
        DELETE FROM recipients WHERE tenant_id = @tenant;
        INSERT INTO recipients (tenant_id, recipient_id, email, time_zone, preferences, consent_version, created_at, updated_at)
        SELECT @tenant, @group || '-' || n, @group || '-' || n || '@example.test', 'Europe/Berlin', @preferences, nextval('consent_versions'), now(), now()
          FROM generate_series(0, @count - 1) AS n;
        ANALYZE recipients
        """;

    public static async Task SeedAsync(NotifySystem system, string group, int count, int preferences, CancellationToken cancellationToken)
    {
        await using var command = system.Rows.CreateCommand(Sql);
        command.Parameters.Add(new("tenant", SeedPlan.Tenant));
        command.Parameters.Add(new("category", Category));
        command.Parameters.Add(new("group", group));
        command.Parameters.Add(new("count", count));
        command.Parameters.Add(
            new("preferences", NpgsqlTypes.NpgsqlDbType.Text) { Value = preferences == 0 ? DBNull.Value : PreferencesOf(preferences) }
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Words about so many categories and about a channel, and quiet hours that are never now: an hour of a day that is far off.</summary>
    private static string PreferencesOf(int categories)
    {
        var document = new PreferenceDocument
        {
            Channels = new Dictionary<string, bool> { ["sms"] = false },
            Categories = Enumerable
                .Range(0, categories)
                .ToDictionary(
                    i => string.Create(CultureInfo.InvariantCulture, $"category-{i}"),
                    i =>
                        (CategoryPreference?)
                            new CategoryPreference
                            {
                                Enabled = true,
                                Channels = new Dictionary<string, bool> { ["push"] = i % 2 == 0 },
                            }
                ),
            QuietHours = new()
            {
                Zone = "Europe/Berlin",
                Windows =
                [
                    new()
                    {
                        Days = [FarDay()],
                        From = "03:00",
                        To = "04:00",
                    },
                ],
            },
        };
        return Encoding.UTF8.GetString(PreferenceReader.Read(document).Preferences!.ToJson());
    }

    private static string FarDay() => Core.Time.WeekDayNames.All[((int)TimeProvider.System.GetUtcNow().DayOfWeek + 2) % 7];
}
