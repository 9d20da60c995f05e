using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Aspire.Hosting.Dashboard.Serving;
using Google.Protobuf.WellKnownTypes;
using Health = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using Model = Aspire.Hosting.ApplicationModel;
using Resource = Aspire.Hosting.Dashboard.Contract.Resource;

namespace Notify.Tests.StandIns.Dashboard.Serving;

/// <summary>Each of these, gone wrong, would leave the dashboard without any resource until it is restarted.</summary>
public sealed class ResourceMessagesTests
{
    private static readonly DateTimeOffset FirstSeen = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Least_that_a_host_knows_makes_a_complete_message()
    {
        var message = Map(new CustomResourceSnapshot { ResourceType = null!, Properties = default, Urls = default, Commands = default, HealthReports = default, EnvironmentVariables = default, Relationships = default });

        AssertReadable(message);
        Assert.Equal(("api-k3f9", "api", "Resource"), (message.Name, message.DisplayName, message.ResourceType));
        Assert.False(message.HasState);
        Assert.Null(message.StartedAt);
        Assert.Null(message.StoppedAt);
    }

    [Fact]
    public void Everything_at_its_worst_still_makes_a_message_the_dashboard_reads()
    {
        var message = Map(Snapshot() with
        {
            State = new ResourceStateSnapshot("  ", "odd"),
            IconName = "Box",
            IconVariant = (Model.IconVariant)9,
            Urls = [new UrlSnapshot(null, "http://localhost:1", false) { DisplayProperties = null! }, new UrlSnapshot("x", "not a url", false), new UrlSnapshot("y", null!, true), null!],
            Commands =
            [
                Command("", "Nothing"), Command("  ", "Nothing"), Command("start", null!),
                Command("odd", "Odd") with { State = (Model.ResourceCommandState)77, IconVariant = (Model.IconVariant)9 }, null!,
            ],
            Relationships = [new RelationshipSnapshot("", "Reference"), new RelationshipSnapshot("db", " "), new RelationshipSnapshot(null!, null!), new RelationshipSnapshot("db", "Reference")],
            EnvironmentVariables = [new EnvironmentVariableSnapshot("", "x", true), new EnvironmentVariableSnapshot("A", null, true)],
            HealthReports = [new HealthReportSnapshot(null!, (Health)42, null, null), new HealthReportSnapshot("new", null, null, null)],
            Properties = [new ResourcePropertySnapshot("", "x"), new ResourcePropertySnapshot("a", null), new ResourcePropertySnapshot("b", new object?[] { null, 1, new object() })],
        });

        AssertReadable(message);
        Assert.False(message.HasState);
        Assert.Equal("http://localhost:1", Assert.Single(message.Urls).FullUrl);
        Assert.Equal(["start", "odd"], message.Commands.Select(command => command.Name));
        Assert.Equal("start", message.Commands[0].DisplayName);
        Assert.Equal("db", Assert.Single(message.Relationships).ResourceName);
        Assert.Equal("A", Assert.Single(message.Environment).Name);
        Assert.False(message.HealthReports[1].HasStatus);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    public void Resource_without_a_name_is_no_resource(string? name) =>
        Assert.ThrowsAny<ArgumentException>(() => ResourceMessages.ToMessage(new ResourceView(name!, "api", Snapshot()), FirstSeen));

    [Fact]
    public void Creation_time_is_the_hosts_or_else_the_first_sight()
    {
        var created = new DateTime(2026, 2, 1, 10, 0, 0, DateTimeKind.Utc);

        Assert.Equal(created, Map(Snapshot() with { CreationTimeStamp = created }).CreatedAt.ToDateTime());
        Assert.Equal(FirstSeen, Map(Snapshot()).CreatedAt.ToDateTimeOffset());
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Unspecified)]
    [InlineData(DateTimeKind.Local)]
    public void Times_of_any_kind_are_sent(DateTimeKind kind)
    {
        var moment = new DateTime(2026, 2, 1, 10, 0, 0, DateTimeKind.Utc);
        var given = kind == DateTimeKind.Local ? moment.ToLocalTime() : DateTime.SpecifyKind(moment, kind);

        var message = Map(Snapshot() with { CreationTimeStamp = given, StartTimeStamp = given, StopTimeStamp = given, HealthReports = [new HealthReportSnapshot("h", null, null, null) { LastRunAt = given }] });

        Assert.All([message.CreatedAt, message.StartedAt, message.StoppedAt, message.HealthReports[0].LastRunAt], time => Assert.Equal(moment, time.ToDateTime()));
        Assert.Equal("2026-02-01T10:00:00.0000000Z", Property(message, "resource.startTime").StringValue);
    }

    [Fact]
    public void Address_keeps_its_name_and_text()
    {
        var url = Assert.Single(Map(Snapshot() with
        {
            Urls = [new UrlSnapshot("http", "http://localhost:8080/docs", true) { IsInactive = true, DisplayProperties = new UrlDisplayPropertiesSnapshot("Docs", 7) }],
        }).Urls);

        Assert.Equal(("http", "http://localhost:8080/docs", true, true, "Docs", 7),
            (url.EndpointName, url.FullUrl, url.IsInternal, url.IsInactive, url.DisplayProperties.DisplayName, url.DisplayProperties.SortOrder));
    }

    public static TheoryData<string, object?, Value> PropertyValues => new()
    {
        { "null", null, Value.ForNull() },
        { "text", "x", Value.ForString("x") },
        { "flag", true, Value.ForBool(true) },
        { "int", 42, Value.ForNumber(42) },
        { "long", 42L, Value.ForNumber(42) },
        { "double", 1.5, Value.ForNumber(1.5) },
        { "texts", new[] { "a", "b" }, Value.ForList(Value.ForString("a"), Value.ForString("b")) },
        { "immutable texts", ImmutableArray.Create("a"), Value.ForList(Value.ForString("a")) },
        { "numbers", new List<int> { 1 }, Value.ForList(Value.ForNumber(1)) },
        { "empty", Array.Empty<string>(), Value.ForList() },
        { "other", new Uri("http://localhost/"), Value.ForString("http://localhost/") },
    };

    [Theory]
    [MemberData(nameof(PropertyValues), DisableDiscoveryEnumeration = true)]
    public void Property_has_a_value_whatever_it_holds(string name, object? value, Value expected) =>
        Assert.Equal(expected, Property(Map(Snapshot() with { Properties = [new ResourcePropertySnapshot(name, value)] }), name));

    [Fact]
    public void Secret_property_is_marked()
    {
        var message = Map(Snapshot() with { Properties = [new ResourcePropertySnapshot("Value", "s3cret") { IsSensitive = true }] });

        Assert.True(message.Properties.Single(property => property.Name == "Value").IsSensitive);
    }

    [Fact]
    public void Properties_that_follow_from_the_snapshot_are_added_once()
    {
        var message = Map(Snapshot() with { ExitCode = 3, Properties = [new ResourcePropertySnapshot("resource.state", "Mine")] });

        Assert.Equal("3", Property(message, "resource.exitCode").StringValue);
        Assert.Equal("Healthy", Property(message, "resource.healthState").StringValue);
        Assert.Equal("Mine", Property(message, "resource.state").StringValue);
        Assert.Equal(message.Properties.Count, message.Properties.Select(property => property.Name).Distinct().Count());
    }

    [Fact]
    public void Every_command_state_has_its_number()
    {
        var expected = new Dictionary<Model.ResourceCommandState, Aspire.Hosting.Dashboard.Contract.ResourceCommandState>
        {
            [Model.ResourceCommandState.Enabled] = Aspire.Hosting.Dashboard.Contract.ResourceCommandState.Enabled,
            [Model.ResourceCommandState.Disabled] = Aspire.Hosting.Dashboard.Contract.ResourceCommandState.Disabled,
            [Model.ResourceCommandState.Hidden] = Aspire.Hosting.Dashboard.Contract.ResourceCommandState.Hidden,
        };

        Assert.All(System.Enum.GetValues<Model.ResourceCommandState>(),
            state => Assert.Equal(expected[state], Assert.Single(Map(Snapshot() with { Commands = [Command("x", "X") with { State = state }] }).Commands).State));
    }

    [Fact]
    public void Every_health_status_has_its_number()
    {
        var expected = new Dictionary<Health, HealthStatus>
        {
            [Health.Healthy] = HealthStatus.Healthy,
            [Health.Degraded] = HealthStatus.Degraded,
            [Health.Unhealthy] = HealthStatus.Unhealthy,
        };

        Assert.All(System.Enum.GetValues<Health>(),
            status => Assert.Equal(expected[status], Assert.Single(Map(Snapshot() with { HealthReports = [new HealthReportSnapshot("x", status, "d", "e")] }).HealthReports).Status));
    }

    /// <summary>The dashboard's own conditions (Aspire.Dashboard/ServiceClient/Partials.cs and the view models at v13.5.2).</summary>
    private static void AssertReadable(Resource message)
    {
        Assert.NotNull(message.CreatedAt);
        Assert.All([message.Name, message.DisplayName, message.Uid, message.ResourceType], text => Assert.NotEmpty(text));
        Assert.All(message.Urls, url => Assert.NotNull(url.DisplayProperties));
        Assert.All(message.Properties, property => Assert.True(!string.IsNullOrWhiteSpace(property.Name) && property.Value is not null));
        Assert.All(message.Commands, command => Assert.True(
            !string.IsNullOrWhiteSpace(command.Name) && !string.IsNullOrWhiteSpace(command.DisplayName)
            && System.Enum.IsDefined(command.State) && System.Enum.IsDefined(command.IconVariant)));
        Assert.True(System.Enum.IsDefined(message.IconVariant));
        Assert.All(message.Relationships, relation => Assert.True(!string.IsNullOrWhiteSpace(relation.ResourceName) && !string.IsNullOrWhiteSpace(relation.Type)));
        Assert.All(message.HealthReports, report => Assert.True(!report.HasStatus || System.Enum.IsDefined(report.Status)));
    }

    private static Resource Map(CustomResourceSnapshot snapshot) => ResourceMessages.ToMessage(new ResourceView("api-k3f9", "api", snapshot), FirstSeen);

    private static Value Property(Resource message, string name) => message.Properties.Single(property => property.Name == name).Value;

    private static CustomResourceSnapshot Snapshot() => new() { ResourceType = "Project", State = new ResourceStateSnapshot("Running", null), Properties = [] };

    private static ResourceCommandSnapshot Command(string name, string displayName) =>
        new(name, Model.ResourceCommandState.Enabled, displayName, null, null, null, null, null, true);
}
