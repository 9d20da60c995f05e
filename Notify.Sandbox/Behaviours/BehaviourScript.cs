using System.Text.Json;

namespace Notify.Sandbox.Behaviours;

/// <summary>Behaviours out of a file.</summary>
internal static class BehaviourScript
{
    /// <exception cref="InvalidOperationException">The file cannot be read or is none; the message says what to mend.</exception>
    public static IReadOnlyList<BehaviourSettings> Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions { MaxDepth = 16, CommentHandling = JsonCommentHandling.Skip }
            );
            if (json.RootElement.ValueKind != JsonValueKind.Array)
                throw new InvalidOperationException("Sandbox:Script has to name a file with a JSON array of behaviours.");
            var (script, errors) = BehaviourReader.ReadAll(json.RootElement);
            return script
                ?? throw new InvalidOperationException(
                    $"Sandbox:Script: {string.Join("; ", errors.Select(error => $"{error.Key} {error.Value[0]}"))}."
                );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidOperationException($"The file that Sandbox:Script names cannot be read: {fault.Message}", fault);
        }
    }
}
