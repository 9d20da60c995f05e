using Notify.Core.Notifications;

namespace Notify.Api.Problems;

/// <summary>A problem inside a batch's result.</summary>
internal sealed record ProblemView(string Type, string Title, int Status, string Detail, IReadOnlyList<FieldError>? Errors)
{
    /// <summary>One item of a batch, in the same words.</summary>
    public static ProblemView Of(string type, int status, string title, IReadOnlyList<FieldError> errors) =>
        Of(type, status, title, Problem.DetailOf(errors[0]), errors);

    public static ProblemView Of(string type, int status, string title, string detail, IReadOnlyList<FieldError>? errors = null) =>
        new(Problem.TypePrefix + type, title, status, detail, errors);

    /// <summary>What reading an item found, as <see cref="Problem.Malformed(FieldError)"/> says it of a whole body.</summary>
    public static ProblemView Of(FieldError error, string title) =>
        error.Rule == "invalid"
            ? Of("invalid", StatusCodes.Status422UnprocessableEntity, title, [error])
            : Of("malformed", StatusCodes.Status400BadRequest, title, [error]);
}
