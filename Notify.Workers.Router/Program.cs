using Notify.Core.Messaging;
using Notify.Core.Notifications;
using Notify.Workers.Router;

var builder = WebApplication.CreateBuilder(args); // the web host only for the health endpoints
builder.AddServiceDefaults();
builder.AddRouter();

var app = builder.Build();
app.MapDefaultEndpoints();
return app.RunService();
