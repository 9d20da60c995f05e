using Notify.AppHost.Running;

namespace Notify.Tests.Distributed.AppHost.Running;

public sealed class BuiltServicesTests
{
    [Theory]
    [InlineData("/clone/Notify.AppHost/bin/Debug/net10.0/", "/clone/Notify.Api/bin/Debug/net10.0/Notify.Api")]
    [InlineData("/clone/Notify.Benchmarks/bin/Release/net10.0", "/clone/Notify.Api/bin/Release/net10.0/Notify.Api")]
    public void A_service_lies_below_its_project_where_the_host_lies_below_its_own(string output, string program)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Paths of Unix.");
        Assert.Equal(program, BuiltServices.ProgramOf("/clone/Notify.Api/Notify.Api.csproj", output));
    }
}
