using Microsoft.Extensions.Options;

namespace Notify.ServiceDefaults.Http;

[OptionsValidator]
internal sealed partial class OutgoingHttpOptionsValidator : IValidateOptions<OutgoingHttpOptions>;
