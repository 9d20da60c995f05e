using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Notify.Core.Channels;

namespace Notify.Workers.Email.Smtp;

public static class SmtpExtensions
{
    /// <summary>E-mail through an SMTP server: options from <c>Email</c> and <c>Email:Smtp</c>, a connection pool, the provider.</summary>
    public static IHostApplicationBuilder AddSmtp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EmailOptions>().BindConfiguration(EmailOptions.SectionName).ValidateOnStart();
        builder.Services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.SectionName).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>());
        builder.Services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<SmtpConnectionPool>();
        builder.Services.AddSingleton<MailComposer>();
        builder.Services.AddSingleton<IProvider<EmailMessage>, SmtpProvider>();
        return builder;
    }
}
