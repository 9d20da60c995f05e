using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>A value whose absence leaves the variable out instead of failing the resource.</summary>
internal sealed class OptionalValue(IExpressionValue value) : IExpressionValue
{
    public string ValueExpression => value.ValueExpression;

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await value.GetValueAsync(cancellationToken);
        }
        catch (MissingParameterException)
        {
            return null;
        }
    }
}
