using Microsoft.EntityFrameworkCore;

namespace Notify.Core.Data;

/// <summary>The model, for migrations and management queries; the hot paths talk to Npgsql directly.</summary>
public sealed class NotifyDbContext(DbContextOptions<NotifyDbContext> options) : DbContext(options)
{
    public DbSet<Tenant> Tenants => Set<Tenant>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<Recipient> Recipients => Set<Recipient>();

    public DbSet<Device> Devices => Set<Device>();

    public DbSet<KeptCategory> Categories => Set<KeptCategory>();

    public DbSet<Suppression> Suppressions => Set<Suppression>();

    public DbSet<ConsentEntry> ConsentLog => Set<ConsentEntry>();

    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<QueuedBatch> QueuedBatches => Set<QueuedBatch>();

    public DbSet<HeldClaim> Claims => Set<HeldClaim>();

    public DbSet<Cancellation> Cancellations => Set<Cancellation>();

    public DbSet<DedupKey> DedupKeys => Set<DedupKey>();

    public DbSet<LanePosition> LanePositions => Set<LanePosition>();

    public DbSet<ProviderStatus> ProviderStatuses => Set<ProviderStatus>();

    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();

    public DbSet<Replay> Replays => Set<Replay>();

    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasSequence<long>("consent_versions");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(NotifyDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(SnakeCase.Of(property.Name));
            foreach (var key in entity.GetKeys())
                key.SetName($"pk_{entity.GetTableName()}");
            foreach (var index in entity.GetIndexes())
                index.SetDatabaseName(
                    $"ix_{entity.GetTableName()}_{string.Join('_', index.Properties.Select(property => SnakeCase.Of(property.Name)))}"
                );
        }
    }
}
