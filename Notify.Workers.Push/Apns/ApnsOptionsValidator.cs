using Microsoft.Extensions.Options;

namespace Notify.Workers.Push.Apns;

[OptionsValidator]
internal sealed partial class ApnsOptionsValidator : IValidateOptions<ApnsOptions>;
