namespace Notify.Benchmarks.Load;

/// <summary>The same message to a new recipient each time, about 300 bytes: in our own form, and in the one that peers take.</summary>
internal static class RequestBodies
{
    private const string Subject = "Your order has shipped";
    private const string Text =
        "Hello! Your order 123456 has left our warehouse and will reach you in two days. Thank you for shopping with us.";

    private const string OurItem =
        $$$"""{"recipients":[{"email":"user-#######@example.test"}],"channels":["email"],"category":"orders","message":{"title":"{{{Subject}}}","body":"{{{Text}}}"}}""";

    private const string PeerItem =
        $$"""{"userId":"user-#######","channel":"email","to":"user-#######@example.test","category":"orders","subject":"{{Subject}}","body":"{{Text}}","priority":"normal"}""";

    public static string Ours(int items) =>
        items == 1 ? OurItem : $$"""{"notifications":[{{string.Join(',', Enumerable.Repeat(OurItem, items))}}]}""";

    public static string Peers(int items) => items == 1 ? PeerItem : $"[{string.Join(',', Enumerable.Repeat(PeerItem, items))}]";

    /// <summary>What a peer's worker reads for one numbered mail.</summary>
    public static string PeerMail(string address) =>
        $$"""{"userId":"{{address}}","channel":"email","to":"{{address}}","subject":"{{Subject}}","body":"{{Text}}"}""";
}
