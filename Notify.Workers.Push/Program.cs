using Notify.Core.Channels;
using Notify.Sending;
using Notify.Workers.Push;
using Notify.Workers.Push.Apns;
using Notify.Workers.Push.Fcm;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Push, PushMessage.Of);
builder.AddFcm();
builder.AddApns();

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
