using Notify.Api;
using Notify.Api.Commands;

if (Usage.For(args) is { } usage)
{
    await (usage.ExitCode == 0 ? Console.Out : Console.Error).WriteAsync(usage.Text);
    return usage.ExitCode;
}
if (args is ["migrate", .. var migrateArgs])
    return await MigrateCommand.RunAsync(migrateArgs);
if (args is ["keys", .. var keysArgs])
    return await KeysCommand.RunAsync(keysArgs);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapApi();
return app.RunService();
