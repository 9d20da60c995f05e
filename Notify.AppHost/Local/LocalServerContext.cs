using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Notify.AppHost.Local;

/// <summary>What a server is given to prepare itself with.</summary>
/// <param name="DataFolder">The server's own folder; it exists, and the host has locked the one above it.</param>
/// <param name="ToolsFolder">Where downloads live, shared by all hosts of this user.</param>
/// <param name="Port">The port on 127.0.0.1 that its clients connect to.</param>
/// <param name="Configuration">The AppHost's.</param>
/// <param name="Logger">Writes to the resource's console log.</param>
internal sealed record LocalServerContext(string DataFolder, string ToolsFolder, int Port, IConfiguration Configuration, ILogger Logger);

/// <summary>The program that a prepared server runs as. It must end on SIGTERM.</summary>
/// <param name="FileName">Its path, or its name on PATH.</param>
/// <param name="Arguments">Its arguments, one by one.</param>
internal sealed record LocalProgram(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables to set beside those of the host.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
