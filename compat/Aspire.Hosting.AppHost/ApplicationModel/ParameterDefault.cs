namespace Aspire.Hosting.ApplicationModel;

public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

internal sealed class ConstantParameterDefault(Func<string> valueGetter, bool publish) : ParameterDefault
{
    /// <summary>Whether the manifest may carry the value.</summary>
    public bool Publish { get; } = publish;

    public override string GetDefaultValue() => valueGetter();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "23456789";
    private const string Specials = "-_.{}~()*+!";

    public int MinLength { get; set; } = 22;
    public bool Lower { get; set; } = true;
    public bool Upper { get; set; } = true;
    public bool Numeric { get; set; } = true;
    public bool Special { get; set; } = true;

    public override string GetDefaultValue()
    {
        var alphabet = string.Concat(Lower || Upper ? Letters : "", Numeric ? Digits : "", Special ? Specials : "");
        return System.Security.Cryptography.RandomNumberGenerator.GetString(alphabet, Math.Max(MinLength, 16));
    }
}
