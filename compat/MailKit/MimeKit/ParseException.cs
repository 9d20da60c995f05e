namespace MimeKit;

/// <summary>An address that is none.</summary>
public class ParseException(string message, int tokenIndex, int errorIndex) : FormatException(message)
{
    public int TokenIndex { get; } = tokenIndex;

    public int ErrorIndex { get; } = errorIndex;
}
