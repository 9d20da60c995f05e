namespace Notify.Benchmarks.Running;

/// <summary>The services' names in the AppHost.</summary>
internal static class Services
{
    public const string Api = "api";
    public const string Router = "router";
    public const string Migrations = "migrations";
    public const string Sandbox = "sandbox";

    public static IReadOnlyList<string> All { get; } = [Api, Router, "push", "email", "sms", Sandbox];
}
