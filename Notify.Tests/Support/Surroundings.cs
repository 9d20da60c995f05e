namespace Notify.Tests.Support;

/// <summary>What tests need of a machine. A developer's machine may lack it and skips them; CI may not.</summary>
internal static class Surroundings
{
    /// <summary>Skips the test where a piece is missing; in CI it fails.</summary>
    public static void Need(string? missing)
    {
        if (missing is null)
            return;
        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), missing);
        Assert.Fail(missing);
    }
}
