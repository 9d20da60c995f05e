using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Shows every resource's lines on the host's console, each behind its resource's name; under test they go to the host's log instead.</summary>
internal sealed partial class ConsoleMirror(ResourceLoggerService loggers, ILoggerFactory hostLog, bool underTest) : IHostedService
{
    private static readonly int[] s_colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];
    private static readonly Lock s_console = new();
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _coloured = !Console.IsOutputRedirected && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"));
    private int _width = 8;

    /// <summary>A single instance goes by its resource's name, replicas by their own.</summary>
    public void Name(IReadOnlyList<ResourceInstance> instances)
    {
        foreach (var instance in instances)
        {
            var name = instances.Count == 1 ? instance.Resource.Name : instance.Id;
            _names[instance.Id] = name;
            _width = Math.Max(_width, name.Length);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        loggers.LineAdded += Show;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        loggers.LineAdded -= Show;
        return Task.CompletedTask;
    }

    private void Show(string id, LogLine line)
    {
        var name = _names.GetValueOrDefault(id, id);
        if (underTest)
            hostLog.CreateLogger($"Resources.{name}").Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{Line}", line.Content);
        else
            Print(_coloured ? $"\e[{ColourOf(name)}m{name.PadRight(_width)}\e[0m │ {line.Content}\e[0m" : $"{name.PadRight(_width)} | {Colour().Replace(line.Content, "")}");
    }

    private static void Print(string text)
    {
        try
        {
            lock (s_console)
                Console.Out.WriteLine(text);
        }
        catch (IOException)
        {
            // The terminal has gone; the host learns of it by SIGHUP and stops.
            Console.SetOut(TextWriter.Null);
        }
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();

    private static int ColourOf(string name) => s_colours[name.Aggregate(0, (sum, letter) => (sum * 31 + letter) & 0xFFFF) % s_colours.Length];
}
