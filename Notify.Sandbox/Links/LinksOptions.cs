namespace Notify.Sandbox.Links;

/// <summary>Where the rest of Notify runs, section <c>Sandbox:Notify</c>; the AppHost fills it in. Without it the page shows no links and
/// tries the sandbox alone.</summary>
internal sealed class LinksOptions
{
    public const string SectionName = "Sandbox:Notify";

    /// <summary>Address of the Notify API, such as <c>http://localhost:5000</c>.</summary>
    public Uri? Api { get; set; }

    /// <summary>An API key of a development tenant. The page shows it in its curl.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Address of Aspire's dashboard.</summary>
    public Uri? Dashboard { get; set; }
}
