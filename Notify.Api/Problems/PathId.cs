using System.Diagnostics.CodeAnalysis;

namespace Notify.Api.Problems;

/// <summary>An id of ours in a path. A route constraint would answer for what is no id as if the whole path did not exist.</summary>
internal static class PathId
{
    /// <summary>False for what is no UUID, and then the problem that says so.</summary>
    /// <param name="text">The part of the path.</param>
    /// <param name="what">What it should name, such as <c>notification</c>.</param>
    /// <param name="id">The id.</param>
    /// <param name="problem">What to answer instead.</param>
    public static bool TryRead(string text, string what, out Guid id, [NotNullWhen(false)] out IResult? problem)
    {
        problem = Guid.TryParse(text, out id) ? null : Problem.NoId(what, text);
        return problem is null;
    }
}
