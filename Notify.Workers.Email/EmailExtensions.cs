using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MimeKit;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Email.SendGrid;
using Notify.Workers.Email.Smtp;

namespace Notify.Workers.Email;

/// <summary>Registers the providers of e-mail.</summary>
public static class EmailExtensions
{
    /// <summary>Those that are configured, in the order in which they are asked.</summary>
    public static IHostApplicationBuilder AddEmailProviders(this IHostApplicationBuilder builder)
    {
        builder.AddProvider<EmailMessage, SmtpProvider, SmtpOptions, SmtpOptionsValidator>(services =>
            services.AddEmailOptions().AddSingleton<SmtpConnectionPool>().AddSingleton<MailComposer>()
        );
        builder.AddProvider<EmailMessage, SendGridProvider, SendGridOptions, SendGridOptionsValidator>(services =>
            services.AddEmailOptions().AddSingleton<SendGridMails>()
        );
        return builder;
    }

    /// <summary>What every e-mail provider needs; adding it again changes nothing.</summary>
    private static IServiceCollection AddEmailOptions(this IServiceCollection services)
    {
        MailboxAddress.IdnMapping = new MailDomains();
        services.AddOptions<EmailOptions>().BindConfiguration(EmailOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>());
        services.TryAddSingleton<MessageIds>();
        return services;
    }
}
