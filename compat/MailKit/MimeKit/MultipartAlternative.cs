namespace MimeKit;

/// <summary>The same in several forms, the best last.</summary>
public class MultipartAlternative() : Multipart("alternative");
