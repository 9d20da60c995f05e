using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Sandbox.Behaviours;

namespace Notify.Sandbox.Control;

/// <summary>Serializers of the control API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(MessageView[]))]
[JsonSerializable(typeof(StatsView))]
[JsonSerializable(typeof(DuplicatesView))]
[JsonSerializable(typeof(BehaviourView))]
[JsonSerializable(typeof(BehaviourView[]))]
internal sealed partial class SandboxJson : JsonSerializerContext;
