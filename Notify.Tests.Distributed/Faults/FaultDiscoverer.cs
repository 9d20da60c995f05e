using Xunit.Sdk;
using Xunit.v3;

namespace Notify.Tests.Distributed.Faults;

/// <summary>Finds a fault's test like any other, unless this run leaves it out: then there is nothing to skip.</summary>
public sealed class FaultDiscoverer : FactDiscoverer
{
    public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        IXunitTestMethod testMethod,
        IFactAttribute factAttribute
    ) => factAttribute is FaultFactAttribute { IsLeftOut: true } ? new([]) : base.Discover(discoveryOptions, testMethod, factAttribute);
}
