using System.Text.Json;

namespace Notify.Core.Data;

/// <summary>Column names as SQL writes them.</summary>
internal static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
