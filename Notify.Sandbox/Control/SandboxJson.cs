using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Links;

namespace Notify.Sandbox.Control;

/// <summary>Serializers of the control API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MessageView))]
[JsonSerializable(typeof(MessageView[]))]
[JsonSerializable(typeof(StatsView))]
[JsonSerializable(typeof(DuplicatesView))]
[JsonSerializable(typeof(BehaviourView))]
[JsonSerializable(typeof(BehaviourView[]))]
[JsonSerializable(typeof(LinksView))]
internal sealed partial class SandboxJson : JsonSerializerContext
{
    /// <summary>Leaves letters and signs as they are: people read these answers in a terminal.</summary>
    public static SandboxJson Readable { get; } =
        new(
            new JsonSerializerOptions(JsonSerializerDefaults.Web)
            {
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
