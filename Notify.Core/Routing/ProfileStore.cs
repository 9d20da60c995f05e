using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Notify.Core.Data;

namespace Notify.Core.Routing;

/// <summary>Profiles from the cache, and from Postgres what it lacks.</summary>
public sealed class ProfileStore(ProfileCache cache, IServiceScopeFactory scopes)
{
    public async Task<Dictionary<string, Profile>> FindAsync(string tenant, IReadOnlyCollection<string> recipients, CancellationToken cancellationToken)
    {
        if (recipients.Count == 0)
            return [];
        var wanted = recipients as IReadOnlyList<string> ?? [.. recipients];
        var found = await cache.FindAsync(tenant, wanted);
        var missing = wanted.Where(recipient => !found.ContainsKey(recipient)).ToArray();
        if (missing.Length == 0)
            return found;
        var read = await ReadAsync(tenant, missing, cancellationToken);
        foreach (var profile in read)
            found[profile.RecipientId] = profile;
        await cache.AddAsync(tenant, read);
        return found;
    }

    private async Task<List<Profile>> ReadAsync(string tenant, string[] recipients, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NotifyDbContext>();
        var people = await database.Recipients.AsNoTracking()
            .Where(recipient => recipient.TenantId == tenant && recipients.Contains(recipient.RecipientId))
            .Select(recipient => new { recipient.RecipientId, recipient.Email, recipient.Phone })
            .ToListAsync(cancellationToken);
        var devices = await database.Devices.AsNoTracking()
            .Where(device => device.TenantId == tenant && recipients.Contains(device.RecipientId) && device.State == Device.Active)
            .ToListAsync(cancellationToken);
        var byRecipient = devices.ToLookup(device => device.RecipientId);
        return people.ConvertAll(person => new Profile
        {
            RecipientId = person.RecipientId,
            Email = person.Email,
            Phone = person.Phone,
            Devices = [.. byRecipient[person.RecipientId].Select(d => new ProfileDevice(d.DeviceId, d.Platform, d.App, d.Environment, d.Token, d.RegisteredAt))],
        });
    }
}
