using Microsoft.Extensions.Options;
using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Email.SendGrid;

public static class SendGridExtensions
{
    /// <summary>Adds SendGrid if <c>Email:SendGrid</c> has a key, and then requires all it needs.</summary>
    public static IHostApplicationBuilder AddSendGrid(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(SendGridOptions.SectionName);
        if (!(section.Get<SendGridOptions>()?.IsConfigured ?? false))
            return builder;

        builder.Services.AddEmailOptions();
        builder.Services.AddOptions<SendGridOptions>().Bind(section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SendGridOptions>, SendGridOptionsValidator>();
        builder.Services.AddSingleton<SendGridMails>();
        builder.Services.AddSingleton<IProvider<EmailMessage>, SendGridProvider>();
        return builder;
    }
}
