using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Notify.Workers.Email;
using Notify.Workers.Email.Smtp;

namespace Notify.Tests.Workers.Email;

public sealed class SmtpOptionsTests
{
    [Fact]
    public async Task Host_and_sender_are_all_that_must_be_given()
    {
        var (email, smtp) = await StartAsync(("Email:From", "alerts@example.test"), ("Email:Smtp:Host", "mail.example.test"));

        Assert.Null(email.MessageIdDomain);
        Assert.Equal((587, SmtpSecurity.StartTls, TimeSpan.FromSeconds(30)), (smtp.Port, smtp.Security, smtp.Timeout));
        Assert.Equal((20, 100, TimeSpan.FromSeconds(60)), (smtp.MaxConnections, smtp.MaxMessagesPerConnection, smtp.MaxConnectionAge));
    }

    [Theory]
    [InlineData("Email:From", null, "From")]
    [InlineData("Email:From", "nobody", "Email:From")]
    [InlineData("Email:From", "Name <alerts@example.test", "Email:From")]
    [InlineData("Email:From", "Name <>x", "Email:From")]
    [InlineData("Email:From", "a@example.test\r\nBcc: b@example.test", "Email:From")]
    [InlineData("Email:MessageIdDomain", "not a domain", "MessageIdDomain")]
    [InlineData("Email:MessageIdDomain", "a\r\nb", "MessageIdDomain")]
    [InlineData("Email:Smtp:Port", "70000", "Port")]
    [InlineData("Email:Smtp:UserName", "user", "Password")]
    [InlineData("Email:Smtp:Password", "secret", "UserName")]
    [InlineData("Email:Smtp:Security", "7", "Security")]
    [InlineData("Email:Smtp:Timeout", "00:00:00", "Timeout")]
    [InlineData("Email:Smtp:MaxConnections", "0", "MaxConnections")]
    [InlineData("Email:Smtp:MaxMessagesPerConnection", "0", "MaxMessagesPerConnection")]
    [InlineData("Email:Smtp:MaxConnectionAge", "02:00:00", "MaxConnectionAge")]
    public async Task Wrong_setting_is_named_at_start(string key, string? value, string named)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(("Email:From", "Notify <alerts@example.test>"), ("Email:Smtp:Host", "mail.example.test"), (key, value))
        );

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UserName", "user")]
    [InlineData("Password", "secret")]
    public async Task Server_is_asked_for_once_anything_speaks_of_one(string key, string value)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(("Email:From", "alerts@example.test"), ($"Email:Smtp:{key}", value))
        );

        Assert.Contains("Email:Smtp:Host is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_security_has_its_socket_option()
    {
        var options = Enum.GetValues<SmtpSecurity>().Select(SmtpConnection.SecurityOf).ToList();

        Assert.Equal(Enum.GetNames<SmtpSecurity>(), options.Select(option => option.ToString()));
    }

    private static async Task<(EmailOptions, SmtpOptions)> StartAsync(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            values[key] = value;
        builder.Configuration.AddInMemoryCollection(values);
        builder.AddEmailProviders();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        return (
            host.Services.GetRequiredService<IOptions<EmailOptions>>().Value,
            host.Services.GetRequiredService<IOptions<SmtpOptions>>().Value
        );
    }
}
