namespace Notify.Core.Notifications;

/// <summary>One thing that is wrong with a request: where, which rule, and what to do.</summary>
/// <param name="Field">The field's path, such as <c>recipients[2].email</c>; empty for the whole body.</param>
/// <param name="Rule">A stable name of the rule, such as <c>required</c> or <c>too_long</c>.</param>
/// <param name="Message">What is expected, for a person to read.</param>
public sealed record FieldError(string Field, string Rule, string Message);
