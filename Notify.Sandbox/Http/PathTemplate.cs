namespace Notify.Sandbox.Http;

/// <summary>A path with one name in its middle. Routing's templates can do more, and cost more than some of the answers.</summary>
internal sealed class PathTemplate(string start, string end)
{
    public bool Fits(string path) =>
        path.StartsWith(start, StringComparison.Ordinal)
        && path.EndsWith(end, StringComparison.Ordinal)
        && path.Length > start.Length + end.Length
        && !path.AsSpan(start.Length, path.Length - start.Length - end.Length).Contains('/');

    /// <param name="path">One that fits.</param>
    public string NameIn(PathString path) => path.Value![start.Length..^end.Length];
}
