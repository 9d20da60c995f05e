using Microsoft.Extensions.Options;

namespace Notify.Workers.Sms.Gateway;

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
