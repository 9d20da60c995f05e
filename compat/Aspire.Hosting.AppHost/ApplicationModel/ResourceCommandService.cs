using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

public class ResourceCommandService
{
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <param name="resourceId">A resource's name, or the id of one of its instances.</param>
    /// <param name="commandName">See <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Gives up waiting for the command.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var instances = _notifications.FindInstances(resourceId);
        if (instances.Count == 0)
            return CommandResults.Failure($"Resource '{resourceId}' not found.");
        var results = await Task.WhenAll(instances.Select(instance => ExecuteAsync(instance, commandName, cancellationToken)));
        return results.FirstOrDefault(result => !result.Success) ?? results[0];
    }

    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    private async Task<ExecuteCommandResult> ExecuteAsync(ResourceEvent instance, string commandName, CancellationToken cancellationToken)
    {
        var command = instance.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(annotation => annotation.Name == commandName);
        if (command is null)
            return CommandResults.Failure($"Command '{commandName}' is not available for resource '{instance.ResourceId}'.");
        var logger = _loggers.GetLogger(instance.ResourceId);
        try
        {
            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                ServiceProvider = _services,
                ResourceName = instance.ResourceId,
                Logger = logger,
                CancellationToken = cancellationToken,
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "The command '{Command}' failed.", commandName);
            return CommandResults.Failure(failure);
        }
    }
}
