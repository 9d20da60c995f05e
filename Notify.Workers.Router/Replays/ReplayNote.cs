using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Workers.Router.Replays;

/// <summary>The details of one letter's entry.</summary>
internal sealed record ReplayNote(Guid Replay, Guid? Delivery, string? Reason);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayNote))]
internal sealed partial class ReplayJson : JsonSerializerContext;
