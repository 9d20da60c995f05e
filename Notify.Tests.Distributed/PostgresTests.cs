using Notify.Tests.Core.Hosting;

namespace Notify.Tests.Distributed;

/// <summary>Tests of this project that share one server; a collection has to be defined beside its tests.</summary>
[CollectionDefinition(SharedPostgres.Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>;
