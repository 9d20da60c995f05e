using Notify.Tests.Support;

namespace Notify.Tests.Structure;

/// <summary>A file is read in one sitting, or says at its top why it is longer.</summary>
public sealed class FileLengthTests
{
    private const int MaxLines = 200;
    private const string Reason = "Longer than other files, because";

    [Fact]
    public void Long_file_of_the_product_says_why_it_is_long()
    {
        var root = Repository.Root;
        var files = Directory
            .GetDirectories(root, "Notify.*")
            .Where(project => !Path.GetFileName(project).StartsWith("Notify.Tests", StringComparison.Ordinal))
            .SelectMany(project => Directory.GetFiles(project, "*.cs", SearchOption.AllDirectories))
            .Where(file =>
                !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Migrations")
            )
            .ToList();
        Assert.True(files.Count > 500, $"Only {files.Count} files were found.");

        var silent = files
            .Select(file => (Name: Path.GetRelativePath(root, file), Lines: File.ReadAllLines(file)))
            .Where(file =>
                file.Lines.Length > MaxLines && !file.Lines.Take(40).Any(line => line.Contains(Reason, StringComparison.Ordinal))
            )
            .Select(file => $"{file.Name} has {file.Lines.Length} lines");
        Assert.Empty(silent);
    }
}
