using Microsoft.Extensions.Options;

namespace Notify.Workers.Push.Fcm;

[OptionsValidator]
internal sealed partial class FcmOptionsValidator : IValidateOptions<FcmOptions>;
