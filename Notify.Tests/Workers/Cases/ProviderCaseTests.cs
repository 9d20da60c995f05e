using Notify.Tests.Workers.Email.SendGrid;
using Notify.Tests.Workers.Push.Apns;
using Notify.Tests.Workers.Push.Fcm;
using Notify.Tests.Workers.Sms.Gateway;

namespace Notify.Tests.Workers.Cases;

/// <summary>
/// Plays every file of <c>Notify.Tests/Cases</c> through the real adapter over a real socket. To add a case is to add a file.
/// </summary>
public sealed class ProviderCaseTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Cases");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Files =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Answers_come_to_what_the_case_says(string file)
    {
        var @case = ProviderCase.Read(Path.Combine(Folder, file));
        await using var door = await OpenAsync(@case);

        await door.RunAsync(@case, Cancel);
    }

    [Fact]
    public void There_is_a_case_for_every_provider() =>
        Assert.Equal(
            ["apns", "fcm", "gateway", "sendgrid", "smtp", "twilio"],
            Files.Select(file => file.Data.Split('/')[0]).Distinct().Order(StringComparer.Ordinal)
        );

    private static async Task<CaseDoor> OpenAsync(ProviderCase @case)
    {
        (string, string?)[] settings = [.. @case.Settings.Select(setting => (setting.Key, setting.Value))];
        return @case.Provider switch
        {
            "smtp" => new SmtpCases(@case),
            "sendgrid" => new SendGridCases(await SendGridDoor.OpenAsync(settings)),
            "fcm" => new FcmCases(await FcmDoor.OpenAsync()),
            "apns" => new ApnsCases(await ApnsDoor.OpenAsync()),
            "twilio" => await TwilioCases.OpenAsync(Cancel, settings),
            "gateway" => new GatewayCases(await GatewayDoor.OpenAsync(settings)),
            _ => throw new FormatException($"'{@case.Provider}' is no provider."),
        };
    }
}
