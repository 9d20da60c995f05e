using Notify.Tests.Api.Hosting;
using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Contract;

/// <summary>The API's description is one that others can work with: it lints clean, and the clients that are generated from it drive the
/// API.</summary>
[Collection(SharedPostgres.Name)]
public sealed class ContractTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly string[] Steps = ["send", "read", "page", "seeProblems"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Description_lints_clean_with_the_recommended_rules()
    {
        var packages = await ContractTools.NodePackagesAsync();
        var folder = ContractTools.NewFolder("lint").FullName;
        await WriteDescriptionAsync(folder);

        var said = await RunNodeAsync(packages, "redocly", ["lint", "openapi.json", "--extends=recommended"], folder);

        Assert.DoesNotContain("Warning was generated", said, StringComparison.Ordinal);
        Assert.Contains("Your API description is valid", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_TypeScript_client_sends_reads_pages_and_sees_problems()
    {
        var packages = await ContractTools.NodePackagesAsync();
        var folder = ContractTools.NewFolder("typescript").FullName;
        await WriteDescriptionAsync(folder);
        Directory.CreateSymbolicLink(Path.Combine(folder, "node_modules"), Path.Combine(packages, "node_modules"));
        foreach (var file in new[] { "package.json", "tsconfig.json", "drive.ts" })
            File.Copy(Path.Combine(ContractTools.Sources, "typescript", file), Path.Combine(folder, file));

        await RunNodeAsync(packages, "openapi-ts", ["--input", "openapi.json", "--output", "client"], folder);
        await RunNodeAsync(packages, "tsc", ["--project", "."], folder);
        var said = await ContractTools.RunAsync("node", [Path.Combine("out", "drive.js")], folder, await SurroundingsAsync("ts-reader"));

        Assert.All(Steps, step => Assert.Contains($"{step}: as described", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generated_dotnet_client_sends_reads_pages_and_sees_problems()
    {
        var kiota = await ContractTools.KiotaAsync();
        var folder = ContractTools.NewFolder("dotnet").FullName;
        await WriteDescriptionAsync(folder);
        foreach (var file in new[] { "Notify.ContractClient.csproj", "Program.cs" })
            File.Copy(Path.Combine(ContractTools.Sources, "dotnet", file), Path.Combine(folder, file));

        await ContractTools.RunAsync(
            kiota,
            [
                "generate",
                "--language",
                "CSharp",
                "--openapi",
                "openapi.json",
                "--output",
                "Client",
                "--namespace-name",
                "Notify.Generated",
                "--class-name",
                "NotifyApi",
                "--exclude-backward-compatible",
            ],
            folder
        );
        await ContractTools.RunAsync(
            "dotnet",
            ["build", "--nologo", "--verbosity", "quiet", "--property:UseSharedCompilation=false"],
            folder
        );
        var program = Directory.GetFiles(Path.Combine(folder, "bin"), "Notify.ContractClient.dll", SearchOption.AllDirectories).Single();
        var said = await ContractTools.RunAsync("dotnet", [program], folder, await SurroundingsAsync("dotnet-reader"));

        Assert.All(Steps, step => Assert.Contains($"{step}: as described", said, StringComparison.Ordinal));
    }

    private static Task<string> RunNodeAsync(string packages, string program, string[] arguments, string folder) =>
        ContractTools.RunAsync(Path.Combine(packages, "node_modules", ".bin", program), arguments, folder);

    private async Task WriteDescriptionAsync(string folder)
    {
        using var response = await fixture.Api.SendAsync(HttpMethod.Get, "/openapi/v1.json", key: null);
        response.EnsureSuccessStatusCode();
        await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await response.Content.ReadAsStringAsync(Cancel), Cancel);
    }

    /// <summary>The API's address, a key, and a notification that was routed and waits.</summary>
    private async Task<Dictionary<string, string>> SurroundingsAsync(string recipient)
    {
        var waiting = await fixture.Database.AddDeliveryAsync("waiting", "'2030-01-01'");
        await fixture.Database.ExecuteAsync($"UPDATE deliveries SET recipient_id = '{recipient}' WHERE delivery_id = '{waiting.Id}'");
        return new()
        {
            ["NOTIFY_URL"] = fixture.Api.Http.BaseAddress!.ToString().TrimEnd('/'),
            ["NOTIFY_KEY"] = ApiHost.Key,
            ["NOTIFY_WAITING"] = (
                await fixture.Database.ScalarAsync<Guid>($"SELECT notification_id FROM deliveries WHERE delivery_id = '{waiting.Id}'")
            ).ToString(),
            ["NOTIFY_RECIPIENT"] = recipient,
        };
    }
}
