using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Contract;
using Google.Protobuf.WellKnownTypes;
using Health = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using Model = Aspire.Hosting.ApplicationModel;
using Resource = Aspire.Hosting.Dashboard.Contract.Resource;

namespace Aspire.Hosting.Dashboard.Serving;

/// <summary>
/// The one place where a resource becomes the message that the dashboard reads. A message it cannot convert (no created_at, an address without
/// display properties, a property without a value, a blank command, property or relationship name, an unknown enum value) ends its
/// watch of all resources until it is restarted, silently. So whatever the host knows, what leaves here is complete or left out.
/// </summary>
internal static class ResourceMessages
{
    /// <param name="resource">The resource to show.</param>
    /// <param name="firstSeen">Stands in for a creation time that the host has not set.</param>
    public static Resource ToMessage(ResourceView resource, DateTimeOffset firstSeen)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource.Name);
        var snapshot = resource.Snapshot;
        var message = new Resource
        {
            Name = resource.Name,
            Uid = resource.Name,
            DisplayName = OrElse(resource.DisplayName, resource.Name),
            ResourceType = OrElse(snapshot.ResourceType, "Resource"),
            CreatedAt = ToTimestamp(snapshot.CreationTimeStamp) ?? Timestamp.FromDateTimeOffset(firstSeen),
            StartedAt = ToTimestamp(snapshot.StartTimeStamp),
            StoppedAt = ToTimestamp(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.State is { } state && Named(state.Text))
        {
            message.State = state.Text;
            if (Named(state.Style))
                message.StateStyle = state.Style;
        }
        if (Named(snapshot.IconName))
        {
            message.IconName = snapshot.IconName;
            message.IconVariant = ToVariant(snapshot.IconVariant);
        }

        message.Environment.AddRange(All(snapshot.EnvironmentVariables).Where(v => Named(v.Name)).Select(ToMessage));
        message.Urls.AddRange(All(snapshot.Urls).Where(u => Uri.TryCreate(u.Url, UriKind.Absolute, out _)).Select(ToMessage));
        message.Commands.AddRange(All(snapshot.Commands).Where(c => Named(c.Name)).Select(ToMessage));
        message.HealthReports.AddRange(All(snapshot.HealthReports).Select(ToMessage));
        message.Relationships.AddRange(All(snapshot.Relationships).Where(r => Named(r.ResourceName) && Named(r.Type))
            .Select(r => new ResourceRelationship { ResourceName = r.ResourceName, Type = r.Type }));
        message.Properties.AddRange(Properties(snapshot));
        return message;
    }

    private static EnvironmentVariable ToMessage(EnvironmentVariableSnapshot variable) =>
        new() { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec };

    private static Url ToMessage(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new UrlDisplayProperties
        {
            DisplayName = url.DisplayProperties?.DisplayName ?? "",
            SortOrder = url.DisplayProperties?.SortOrder ?? 0,
        },
    };

    private static ResourceCommand ToMessage(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = OrElse(command.DisplayName, command.Name),
        DisplayDescription = command.DisplayDescription ?? "",
        ConfirmationMessage = command.ConfirmationMessage ?? "",
        IconName = command.IconName ?? "",
        IconVariant = ToVariant(command.IconVariant),
        IsHighlighted = command.IsHighlighted,
        State = command.State switch
        {
            Model.ResourceCommandState.Enabled => Contract.ResourceCommandState.Enabled,
            Model.ResourceCommandState.Disabled => Contract.ResourceCommandState.Disabled,
            _ => Contract.ResourceCommandState.Hidden,   // a state that the dashboard would not know is not worth a button
        },
    };

    private static HealthReport ToMessage(HealthReportSnapshot report)
    {
        var message = new HealthReport
        {
            Key = report.Name ?? "",
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = ToTimestamp(report.LastRunAt),
        };
        if (report.Status is { } status)   // none yet: the dashboard counts the resource as unhealthy until the first result
            message.Status = status switch
            {
                Health.Healthy => HealthStatus.Healthy,
                Health.Degraded => HealthStatus.Degraded,
                _ => HealthStatus.Unhealthy,
            };
        return message;
    }

    /// <summary>What the host published, and beside it the few the pages read that follow from the snapshot itself.</summary>
    private static Dictionary<string, ResourceProperty>.ValueCollection Properties(CustomResourceSnapshot snapshot)
    {
        var properties = new Dictionary<string, ResourceProperty>(StringComparer.Ordinal);
        Add(new ResourcePropertySnapshot("resource.state", snapshot.State?.Text));
        Add(new ResourcePropertySnapshot("resource.exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)));
        Add(new ResourcePropertySnapshot("resource.startTime", snapshot.StartTimeStamp));
        Add(new ResourcePropertySnapshot("resource.stopTime", snapshot.StopTimeStamp));
        Add(new ResourcePropertySnapshot("resource.healthState", snapshot.HealthStatus?.ToString()));
        foreach (var property in All(snapshot.Properties).Where(p => Named(p.Name)))
            Add(property);
        return properties.Values;

        void Add(ResourcePropertySnapshot property)
        {
            properties[property.Name] = new ResourceProperty { Name = property.Name, Value = ToValue(property.Value), IsSensitive = property.IsSensitive };   // the dashboard keeps one of a name; the host's own is the better one
        }
    }

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool flag => Value.ForBool(flag),
        DateTime moment => Value.ForString(ToUtc(moment).ToString("O", CultureInfo.InvariantCulture)),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal
            => Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IEnumerable items => Value.ForList([.. items.Cast<object?>().Select(ToValue)]),
        _ => Value.ForString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static Contract.IconVariant ToVariant(Model.IconVariant? variant) =>
        variant == Model.IconVariant.Filled ? Contract.IconVariant.Filled : Contract.IconVariant.Regular;

    private static Timestamp? ToTimestamp(DateTime? moment) => moment is { } known ? Timestamp.FromDateTime(ToUtc(known)) : null;

    /// <summary>Snapshots carry UTC; one that does not say so is taken as it stands.</summary>
    private static DateTime ToUtc(DateTime moment) =>
        moment.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(moment, DateTimeKind.Utc) : moment.ToUniversalTime();

    private static IEnumerable<T> All<T>(ImmutableArray<T> items) where T : class => items.IsDefault ? [] : items.Where(item => item is not null);

    private static bool Named(string? name) => !string.IsNullOrWhiteSpace(name);

    private static string OrElse(string? text, string other) => string.IsNullOrWhiteSpace(text) ? other : text;
}
