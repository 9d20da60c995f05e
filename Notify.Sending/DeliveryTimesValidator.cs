using Microsoft.Extensions.Options;
using Notify.Core.Deliveries;
using Notify.Core.Messaging;

namespace Notify.Sending;

/// <summary>What the times of a worker have to be to each other.</summary>
internal sealed class DeliveryTimesValidator(IOptions<KafkaOptions> kafka) : IValidateOptions<DeliveryOptions>
{
    public ValidateOptionsResult Validate(string? name, DeliveryOptions options)
    {
        List<string> wrong = [];
        if (options.StopWait >= kafka.Value.StopDrain)
            wrong.Add(
                $"Delivery:StopWait ({options.StopWait}) has to be below Kafka:StopDrain ({kafka.Value.StopDrain}): what a stopping worker cuts off needs time in which its outcome is written."
            );
        if (options.RetryFloor > options.RetryCeiling)
            wrong.Add($"Delivery:RetryFloor ({options.RetryFloor}) is above Delivery:RetryCeiling ({options.RetryCeiling}).");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
