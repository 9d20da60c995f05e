using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Api.Auditing;
using Notify.Api.DeadLetters;
using Notify.Api.Decisions;
using Notify.Api.Notifications;
using Notify.Api.Preferences;
using Notify.Api.Providers;
using Notify.Api.Recipients;
using Notify.Api.Suppressions;
using Notify.Core.Notifications;

namespace Notify.Api;

/// <summary>What the API writes, and what it reads beside notifications.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AcceptedView))]
[JsonSerializable(typeof(BatchView))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(NotificationView))]
[JsonSerializable(typeof(CancelledView))]
[JsonSerializable(typeof(NotificationPage))]
[JsonSerializable(typeof(RecipientView))]
[JsonSerializable(typeof(RecipientPage))]
[JsonSerializable(typeof(DeviceView))]
[JsonSerializable(typeof(RecipientRequest))]
[JsonSerializable(typeof(DeviceRequest))]
[JsonSerializable(typeof(DeadLetterView))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(DeadLetterGroupsView))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(ReplayPage))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ProvidersView))]
[JsonSerializable(typeof(RestoredDevicesView))]
[JsonSerializable(typeof(BulkRecipient))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(CategoryView))]
[JsonSerializable(typeof(CategoriesView))]
[JsonSerializable(typeof(SettingsDocument))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, bool>))]
[JsonSerializable(typeof(ConsentLogPage))]
[JsonSerializable(typeof(SuppressionRequest))]
[JsonSerializable(typeof(SuppressionView))]
[JsonSerializable(typeof(SuppressionPage))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(SimulationRequest))]
[JsonSerializable(typeof(SimulationView))]
[JsonSerializable(typeof(IReadOnlyList<FieldError>))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>For answers: they are JSON and never part of a page, so names, plus signs and quotes stay readable.</summary>
    public static ApiJson Answers { get; } =
        new(
            new JsonSerializerOptions(JsonSerializerDefaults.Web)
            {
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                Converters = { new UtcTime() },
            }
        );

    /// <summary>For requests: unknown fields refused.</summary>
    public static ApiJson Strict { get; } = new(JsonForms.Strict());
}
