using Notify.Core.Channels;
using Notify.Sending;
using Notify.Workers.Push;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddChannelWorker(Channel.Push, PushMessage.Of);
builder.AddPushProviders();

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
