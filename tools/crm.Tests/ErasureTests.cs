namespace CrmPlatform.Crm.Tests;

public sealed class ErasureTests : IDisposable
{
    static readonly DateTimeOffset noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void a_list_is_read_as_it_was_written()
    {
        var (one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var list = new Erasures(noon, new Dictionary<Guid, DateTimeOffset> { [one] = noon.AddDays(-2), [two] = noon.AddTicks(-1) });
        list.Write(file);
        var read = Erasures.Read(file);
        read.AsOf.ShouldBe(noon);
        read.People.ShouldBe(list.People, ignoreOrder: true);
    }

    [Fact]
    public void a_list_of_an_earlier_version_is_as_new_as_its_last_erasure()
    {
        var id = Guid.CreateVersion7();
        File.WriteAllText(file, $"{Guid.CreateVersion7()},2026-01-02T03:04:05Z\n{id},2026-11-29T12:00:00.0000000+00:00\n");
        Erasures.Read(file).AsOf.ShouldBe(noon);
        Erasures.Read(file).People[id].ShouldBe(noon);
    }

    [Fact]
    public void whoever_one_of_two_lists_names_is_forgotten_from_the_earlier_instant_on()
    {
        var (both, one) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var older = new Erasures(noon.AddDays(-1), new Dictionary<Guid, DateTimeOffset> { [both] = noon.AddDays(-3) });
        var newer = new Erasures(noon, new Dictionary<Guid, DateTimeOffset> { [both] = noon.AddDays(-2), [one] = noon });
        foreach (var joined in new[] { older.With(newer), newer.With(older) })
        {
            joined.AsOf.ShouldBe(noon);
            joined.People.ShouldBe(new Dictionary<Guid, DateTimeOffset> { [both] = noon.AddDays(-3), [one] = noon }, ignoreOrder: true);
        }
    }

    [Fact]
    public void another_file_is_named()
    {
        File.WriteAllText(file, "externalId,name\n");
        Should.Throw<CrmException>(() => Erasures.Read(file)).Message.ShouldContain("is no list of erasures");
    }
}
