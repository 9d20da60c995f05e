using Notify.Core.Channels;
using Notify.Sending;
using Notify.Sending.Adapters;
using Notify.Workers.Sms;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Sms, SmsMessage.Of);
builder.AddSmsProviders();
builder.RequireProvider<SmsMessage>(
    "No SMS provider is configured. Set Sms:Twilio:AccountSid and AuthToken, or Sms:Gateway:Url, or both; the second is the fallback."
);

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
