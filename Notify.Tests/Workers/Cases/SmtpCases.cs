using System.Text.Json;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Tests.Packages.MailKit;
using Notify.Tests.Workers.Email;
using Notify.Workers.Email;

namespace Notify.Tests.Workers.Cases;

internal sealed class SmtpCases : CaseDoor.Of<EmailMessage>
{
    private readonly SmtpProviderFixture _fixture;

    public SmtpCases(ProviderCase @case) => _fixture = new(null, [.. @case.Settings.Select(setting => (setting.Key, setting.Value))]);

    protected override IProvider<EmailMessage> Provider => _fixture.Provider;

    protected override int Calls => _fixture.Server.Lines.Count(line => line.StartsWith("MAIL", StringComparison.Ordinal));

    protected override EmailMessage MessageTo(CaseSend send, string? to) => SmtpProviderFixture.Message(to ?? "to@example.test");

    protected override void Play(JsonElement? answers)
    {
        if (answers is { } given)
            new AnswerScript(given).PlayOn(_fixture.Server);
        else
            _fixture.Server.Answer = _ => null;
    }

    public override ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
