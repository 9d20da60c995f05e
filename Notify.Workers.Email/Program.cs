using Notify.Core.Channels;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Workers.Email;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Email, EmailMessage.Of);
builder.AddEmailProviders();
builder.RequireProvider<EmailMessage>(
    "No e-mail provider is configured. Set Email:Smtp:Host, or Email:SendGrid:ApiKey, or both; the second is the fallback."
);

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
