using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Notify.Workers.Email;

internal static class EmailExtensions
{
    /// <summary>What every e-mail provider needs; adding it again changes nothing.</summary>
    public static IServiceCollection AddEmailOptions(this IServiceCollection services)
    {
        MailboxAddress.IdnMapping = new MailDomains();
        services.AddOptions<EmailOptions>().BindConfiguration(EmailOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmailOptions>, EmailOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MessageIds>();
        return services;
    }
}
