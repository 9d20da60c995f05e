namespace MailKit;

public readonly struct AuthenticationSecret(int startIndex, int length)
{
    public int StartIndex { get; } = startIndex;

    public int Length { get; } = length;
}
