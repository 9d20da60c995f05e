using Notify.Core.Channels;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;
using Notify.Workers.Email;
using Notify.Workers.Email.SendGrid;
using Notify.Workers.Email.Smtp;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Email, EmailMessage.Of);
builder.AddSmtp();
builder.AddSendGrid();
builder.RequireProvider<EmailMessage>(
    "No e-mail provider is configured. Set Email:Smtp:Host, or Email:SendGrid:ApiKey, or both; the second is the fallback."
);

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
