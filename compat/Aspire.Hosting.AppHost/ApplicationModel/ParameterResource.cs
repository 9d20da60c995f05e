namespace Aspire.Hosting.ApplicationModel;

public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IExpressionValue
{
    private string? _value;

    public bool Secret { get; } = secret;
    public string? Description { get; set; }
    public ParameterDefault? Default { get; set; }
    public virtual string ValueExpression => $"{{{Name}.value}}";

    internal bool IsConnectionString { get; init; }
    internal string ConfigurationKey => IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value ??= callback(Default));
}
