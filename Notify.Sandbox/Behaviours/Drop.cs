namespace Notify.Sandbox.Behaviours;

/// <summary>When a behaviour hangs up on the sender.</summary>
internal enum Drop
{
    None,

    /// <summary>Before the request is read: nothing is accepted.</summary>
    BeforeRequest,

    /// <summary>After the message is accepted, in place of the answer: the sender cannot know.</summary>
    AfterRequest,
}
