using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.Smtp;

public static class SmtpExtensions
{
    /// <summary>Adds SMTP if <c>Email:Smtp</c> says anything about a server, and then requires all it needs: options, a connection pool,
    /// the provider.</summary>
    public static IHostApplicationBuilder AddSmtp(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SmtpOptions.SectionName);
        if (!(section.Get<SmtpOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.AddEmailOptions();
        builder.Services.AddOptions<SmtpOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>();
        builder.Services.AddSingleton<SmtpConnectionPool>();
        builder.Services.AddSingleton<MailComposer>();
        builder.Services.AddSingleton<IProvider<EmailMessage>, SmtpProvider>();
        return builder;
    }
}
