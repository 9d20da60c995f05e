namespace FirebaseAdmin.Messaging;

/// <summary>How soon Android delivers a message.</summary>
public enum Priority
{
    High,
    Normal,
}
