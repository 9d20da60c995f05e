namespace Notify.Sandbox.Http;

/// <summary>An answer that refuses a request, in the words of the provider.</summary>
internal readonly record struct Refusal(int Status, byte[] Body, string ContentType = Answer.Json);
