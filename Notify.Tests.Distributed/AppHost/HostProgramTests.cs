using Notify.Tests.Api.Commands;

namespace Notify.Tests.Distributed.AppHost;

public sealed class HostProgramTests
{
    [Fact]
    public Task Host_without_icu_says_in_a_line_what_to_install() => ProgramRun.AssertAsksForIcuAsync("Notify.AppHost");
}
