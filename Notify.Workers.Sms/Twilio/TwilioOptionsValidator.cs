using Microsoft.Extensions.Options;

namespace Notify.Workers.Sms.Twilio;

[OptionsValidator]
internal sealed partial class TwilioOptionsValidator : IValidateOptions<TwilioOptions>;
