using Notify.Core.Channels;
using Notify.Core.Deliveries;
using Notify.Workers.Email.Smtp;

var builder = WebApplication.CreateBuilder(args);   // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Email, MessageFactory.Email);
builder.AddSmtp();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
