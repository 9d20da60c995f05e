using System.Text.RegularExpressions;
using Notify.Core.Channels;
using Notify.Tests.Support;

namespace Notify.Tests.Structure;

/// <summary>A new channel touches no file but its own: nothing that the product is made of tells channels apart elsewhere.</summary>
public sealed partial class ChannelSwitchTests
{
    private const string KnowsChannels = "Notify.Core/Channels/";

    private static readonly string[] s_projects =
    [
        "Notify.Core",
        "Notify.Sending",
        "Notify.Api",
        "Notify.ServiceDefaults",
        "Notify.Workers.Router",
        "Notify.Workers.Push",
        "Notify.Workers.Email",
        "Notify.Workers.Sms",
    ];

    [Fact]
    public void No_file_names_a_channel_but_those_of_the_channels_and_the_programs_of_workers()
    {
        var sources = s_projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.EndsWith("/Program.cs", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(sources);

        var named = sources
            .Where(file => !file.StartsWith(KnowsChannels, StringComparison.Ordinal))
            .SelectMany(file =>
                NamedChannel().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).Select(match => $"{file}: {match.Value}")
            );

        Assert.Empty(named);
    }

    [Fact]
    public void Name_of_a_channel_is_found() =>
        Assert.All(Enum.GetNames<Channel>(), name => Assert.Matches(NamedChannel(), $"channel == Channel.{name}"));

    [GeneratedRegex(@"\bChannel\.(Push|Email|Sms)\b")]
    private static partial Regex NamedChannel();
}
