namespace Notify.Tests.Docs;

/// <summary>The page's table of provider answers is the failure tables'. <c>NOTIFY_WRITE_DOCS=1</c> lets this test write it anew.</summary>
public sealed class ReliabilityPageTests
{
    private const string Command = "NOTIFY_WRITE_DOCS=1 dotnet test Notify.Tests --filter ReliabilityPageTests";
    private const string Begin = $"<!-- Provider answers: written by {Command} -->\n";
    private const string End = "<!-- End of provider answers. -->\n";

    [Fact]
    public async Task Table_of_provider_answers_is_that_of_the_code()
    {
        var path = Path.Combine(Root(), "docs", "reliability.md");
        var page = (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, "docs/reliability.md has lost the marks between which the table stands.");
        var table = $"\n{ProviderAnswers.Render()}\n";
        if (Environment.GetEnvironmentVariable("NOTIFY_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, page[..(begin + Begin.Length)] + table + page[end..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(
            page[(begin + Begin.Length)..end] == table,
            $"docs/reliability.md tells another table of provider answers than the code. Write it anew: {Command}"
        );
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Notify.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("The tests run outside the repository.");
    }
}
