using System.Globalization;
using Notify.Core.Notifications;

namespace Notify.Tests.Core.Notifications;

public sealed class UuidV7Tests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 12, 34, 56, 789, TimeSpan.Zero);

    [Fact]
    public void Time_comes_back_to_the_millisecond()
    {
        Assert.Equal(Time, UuidV7.TimeOf(UuidV7.New(Time)));
        Assert.Equal(Time, UuidV7.TimeOf(UuidV7.Derive(Time + TimeSpan.FromTicks(1), "x"u8)));
        Assert.Equal(DateTimeOffset.UnixEpoch, UuidV7.TimeOf(UuidV7.Derive(DateTimeOffset.UnixEpoch, "x"u8)));
    }

    [Fact]
    public void Derived_id_depends_on_time_and_material_alone()
    {
        Assert.Equal(UuidV7.Derive(Time, "material"u8), UuidV7.Derive(Time, "material"u8));
        Assert.NotEqual(UuidV7.Derive(Time, "material"u8), UuidV7.Derive(Time, "materiaL"u8));
        Assert.NotEqual(UuidV7.Derive(Time, "material"u8), UuidV7.Derive(Time.AddMilliseconds(1), "material"u8));
        // Ids of rows that are already written depend on this one.
        Assert.Equal("01a1fe1a-4495-7370-96ac-497e859ea198", UuidV7.Derive(Time, "material"u8).ToString());
    }

    [Fact]
    public void Derived_ids_are_uuids_of_version_7()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = UuidV7.Derive(Time, BitConverter.GetBytes(i));
            Assert.Equal(7, id.Version);
            Assert.InRange(id.Variant, 8, 11);
        }
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("a3bb189e-8bf9-4c64-9bd5-5b1f2a5f2a11")]
    [InlineData("019aa685-7f35-6a0b-89f5-cbc50e3c3c4e")]
    [InlineData("019aa685-7f35-7a0b-09f5-cbc50e3c3c4e")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    public void Other_versions_variants_and_times_after_9999_are_refused(string text)
    {
        var id = Guid.Parse(text, CultureInfo.InvariantCulture);
        Assert.False(UuidV7.TryGetTime(id, out _));
        Assert.Throws<ArgumentException>(() => UuidV7.TimeOf(id));
    }

    [Fact]
    public void Last_millisecond_of_9999_is_a_time() =>
        Assert.Equal(9999, UuidV7.TimeOf(UuidV7.Derive(DateTimeOffset.MaxValue, "x"u8)).Year);

    [Fact]
    public void Ids_sort_by_their_time()
    {
        var ids = Enumerable.Range(0, 50).Select(i => UuidV7.Derive(Time.AddMilliseconds(i), BitConverter.GetBytes(i * 7919))).ToList();
        Assert.Equal(ids, ids.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(ids, ids.Order());
    }
}
