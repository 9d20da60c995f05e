using System.ComponentModel.DataAnnotations;
using Notify.Core.Notifications;

namespace Notify.Api.Limits;

/// <summary>Recipients a second for each lane: 0 (no limit) to 1,000,000, 5,000 by default.</summary>
internal sealed class AcceptRates
{
    [Range(0, 1_000_000)]
    public int Critical { get; set; } = 5_000;

    [Range(0, 1_000_000)]
    public int Standard { get; set; } = 5_000;

    [Range(0, 1_000_000)]
    public int Bulk { get; set; } = 5_000;

    public int Of(Lane lane) =>
        lane switch
        {
            Lane.Critical => Critical,
            Lane.Standard => Standard,
            Lane.Bulk => Bulk,
            _ => throw new ArgumentOutOfRangeException(nameof(lane), lane, null),
        };
}
