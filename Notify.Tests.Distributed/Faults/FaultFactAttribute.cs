using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Notify.Tests.Distributed.Faults;

/// <summary>
/// One fault of the table, by its number: <c>dotnet test Notify.Tests.Distributed --filter Fault=F02</c>. The quick ones run with every
/// test run, with a fixed seed and small counts (<c>Ci=true</c>); the others only where NOTIFY_FAULTS=all is set, as <c>eng/faults.sh</c>
/// does, so that an ordinary run stays short.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(FaultDiscoverer))]
public sealed class FaultFactAttribute : FactAttribute, ITraitAttribute
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_fullLimit = TimeSpan.FromHours(2);

    private readonly string _number;
    private readonly bool _quick;

    public FaultFactAttribute(
        string number,
        bool quick = true,
        [CallerFilePath] string? sourceFilePath = null,
        [CallerLineNumber] int sourceLineNumber = -1
    )
        : base(sourceFilePath, sourceLineNumber)
    {
        (_number, _quick) = (number, quick);
        Timeout = (int)(FaultSettings.Full ? s_fullLimit : s_limit).TotalMilliseconds;
    }

    /// <summary>Whether this run is without it.</summary>
    internal bool IsLeftOut => !_quick && !FaultSettings.All;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [new("Fault", _number), new("Ci", _quick ? "true" : "false"), new(NotifyApp.Needs, NotifyApp.Application)];
}
