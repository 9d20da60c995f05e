using Notify.Core.Channels;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

/// <summary>The failure table, row by row.</summary>
public sealed class SmtpFailuresTests
{
    private const string InTransaction = "Sender, Recipient, Data, Content";
    private const string AboutRecipient = "Recipient, Data, Content";
    private const string Everywhere = "Connect, Login, " + InTransaction;

    [Theory]
    // passing faults
    [InlineData("421 4.7.0 Try later", Everywhere, OutcomeKind.Transient)]
    [InlineData("432 4.7.12 Password transition", Everywhere, OutcomeKind.Transient)]
    [InlineData("450 4.2.1 Busy", Everywhere, OutcomeKind.Transient)]
    [InlineData("451 4.3.0 Error", Everywhere, OutcomeKind.Transient)]
    [InlineData("452 4.5.3 Too many recipients", Everywhere, OutcomeKind.Transient)]
    [InlineData("454 4.7.0 Temporary authentication failure", Everywhere, OutcomeKind.Transient)]
    [InlineData("499 whatever", Everywhere, OutcomeKind.Transient)]
    // the sender's quota
    [InlineData("454 Throttling failure: Daily message quota exceeded.", Everywhere, OutcomeKind.Throttled)]
    [InlineData("454 4.7.1 Throttling failure: Maximum sending rate exceeded.", Everywhere, OutcomeKind.Throttled)]
    // credentials and setup
    [InlineData("530 5.7.0 Authentication required", Everywhere, OutcomeKind.Misconfigured)]
    [InlineData("534 5.7.9 Mechanism too weak", Everywhere, OutcomeKind.Misconfigured)]
    [InlineData("535 5.7.8 Bad credentials", Everywhere, OutcomeKind.Misconfigured)]
    [InlineData("538 5.7.11 Encryption required", Everywhere, OutcomeKind.Misconfigured)]
    [InlineData("554 5.7.1 Your host is blocked", "Connect, Login", OutcomeKind.Misconfigured)]
    [InlineData("550 5.7.1 Sender not yours", "Sender", OutcomeKind.Misconfigured)]
    [InlineData("553 5.1.8 Bad sender domain", "Sender", OutcomeKind.Misconfigured)]
    [InlineData("550 5.1.1 No such sender", "Sender", OutcomeKind.Misconfigured)]
    // dead addresses
    [InlineData("550 5.1.1 Unknown", AboutRecipient, OutcomeKind.DeadAddress)]
    [InlineData("551 5.1.6 Moved", AboutRecipient, OutcomeKind.DeadAddress)]
    [InlineData("553 5.1.3 Syntax", AboutRecipient, OutcomeKind.DeadAddress)]
    [InlineData("550 5.1.2 No such domain", AboutRecipient, OutcomeKind.DeadAddress)]
    [InlineData("550 5.1.10 Null MX", AboutRecipient, OutcomeKind.DeadAddress)]
    // near misses of the row above
    [InlineData("550 5.1.11 Something else", AboutRecipient, OutcomeKind.Permanent)]
    [InlineData("550 Unknown user", AboutRecipient, OutcomeKind.Permanent)]
    [InlineData("554 5.1.1 Unknown", AboutRecipient, OutcomeKind.Permanent)]
    [InlineData("450 5.1.1 The reply class wins", AboutRecipient, OutcomeKind.Transient)]
    [InlineData("550 4.2.2 The reply class wins", AboutRecipient, OutcomeKind.Permanent)]
    // soft: permanent for this message
    [InlineData("550 5.2.1 Disabled", AboutRecipient, OutcomeKind.Permanent)]
    [InlineData("552 5.2.2 Full", AboutRecipient, OutcomeKind.Permanent)]
    // policy
    [InlineData("550 5.7.1 Go away", AboutRecipient, OutcomeKind.Permanent)]
    [InlineData("554 Rejected", AboutRecipient, OutcomeKind.Permanent)]
    // 552
    [InlineData("552 Too many recipients", "Recipient", OutcomeKind.Transient)]
    [InlineData("552 5.5.3 Too many recipients", "Recipient", OutcomeKind.Transient)]
    [InlineData("552 5.3.4 Too large", InTransaction, OutcomeKind.Permanent)]
    [InlineData("552 5.2.3 Too large for the mailbox", InTransaction, OutcomeKind.Permanent)]
    [InlineData("552 Too large", "Sender, Data, Content", OutcomeKind.Permanent)]
    // any other
    [InlineData("500 What?", InTransaction, OutcomeKind.Permanent)]
    [InlineData("555 Parameters", InTransaction, OutcomeKind.Permanent)]
    // no refusal and no consent
    [InlineData("354 Go on", "Content", OutcomeKind.Ambiguous)]
    [InlineData("250 Ok", "Data", OutcomeKind.Transient)]
    public void Reply_means(string reply, string phases, OutcomeKind kind)
    {
        foreach (var phase in phases.Split(", ").Select(Enum.Parse<SmtpPhase>))
        {
            var outcome = SmtpFailures.Classify(
                SmtpReply.Parse(int.Parse(reply[..3], System.Globalization.CultureInfo.InvariantCulture), reply[4..]),
                phase
            );
            Assert.Equal((phase, kind), (phase, outcome.Kind));
        }
    }

    [Fact]
    public void Every_row_is_the_first_for_some_reply()
    {
        // Every code that a row names, and one that none does.
        string?[] enhanced =
        [
            null,
            "5.0.0",
            .. SmtpFailures.Table.SelectMany(row => row.Enhanced).Select(code => code.EndsWith('.') ? code + "1" : code.Replace('x', '0')),
        ];
        var replies =
            from code in Enumerable.Range(200, 400)
            from status in enhanced
            from topic in Enum.GetValues<SmtpTopic>()
            from phase in (SmtpPhase[])
                [SmtpPhase.Connect, SmtpPhase.Login, SmtpPhase.Sender, SmtpPhase.Recipient, SmtpPhase.Data, SmtpPhase.Content]
            select SmtpFailures.Table.First(row => row.Matches(new SmtpReply(code, status, topic), phase));

        Assert.Equal(SmtpFailures.Table.Count, replies.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Code_is_kept_and_the_text_is_not()
    {
        var outcome = SmtpFailures.Classify(
            SmtpReply.Parse(550, "5.1.1 <to@example.test>: unknown in\n5.1.1 local table"),
            SmtpPhase.Recipient
        );

        Assert.Equal("550 5.1.1", outcome.Code);
        Assert.DoesNotContain("to@example.test", outcome.ToString(), StringComparison.Ordinal);
        Assert.Equal("550", SmtpReply.Parse(550, "10.5.1.1 is blocked").ToString());
    }

    [Fact]
    public void Text_without_end_is_read_in_time_and_only_so_far()
    {
        var text = string.Concat(Enumerable.Repeat("account too many concurrent limit not daily relay ", 20_000)) + "SendAsDenied";

        Assert.Equal(SmtpTopic.None, SmtpReply.Parse(550, text).Topics & SmtpTopic.SenderRights);
    }

    [Fact]
    public void Details_fit_the_column() => Assert.All(SmtpFailures.Table, row => Assert.InRange(row.Detail.Length, 1, 300));
}
