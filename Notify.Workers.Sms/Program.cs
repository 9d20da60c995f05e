using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Workers.Sms.Twilio;

var builder = WebApplication.CreateBuilder(args);   // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Sms, MessageFactory.Sms);
builder.AddTwilio();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
