using System.Text;

namespace CrmPlatform.Crm.Tests;

public sealed class ImportFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    ImportSource File(string kind, string name, string text, string? charset = null, char? separator = null)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllBytes(path, (charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset)).GetBytes(text));
        return new(path, ImportKind.Named(kind), charset, separator);
    }

    static async Task<List<ImportRecord>> All(ImportSource source)
    {
        var records = new List<ImportRecord>();
        await foreach (var record in source.Records(default))
            records.Add(record);
        return records;
    }

    [Fact]
    public async Task lines_of_one_order_are_sent_together()
    {
        var orders = Enumerable.Range(0, 1_600).Select(n => $"{n},shop,A-{n / 7}");
        var source = File("purchases", "p.csv", "net,source,orderNumber\n" + string.Join('\n', orders));
        (await source.Check(default)).ShouldBe(1_600);
        var chunks = new List<int>();
        await foreach (var chunk in ImportFile.Chunks(source.Records(default)))
            chunks.Add(chunk.Count);
        chunks.ShouldBe([504, 504, 504, 88]);
    }

    [Fact]
    public async Task a_broken_record_is_sent_with_its_neighbours()
    {
        var rows = Enumerable.Range(0, 1_000).Select(n => n is 499 or 500 ? "\"open" : $"shop,{n}");
        var chunks = new List<int>();
        await foreach (
            var chunk in ImportFile.Chunks(File("purchases", "p.csv", "source,orderNumber\n" + string.Join('\n', rows)).Records(default))
        )
            chunks.Add(chunk.Count);
        chunks.ShouldBe([502, 498]);
    }

    [Fact]
    public async Task an_order_whose_lines_are_apart_refuses_the_file()
    {
        var source = File("purchases", "p.tsv", "source\torderNumber\nshop\t1\nshop\t2\nshop\t1\n");
        (await Should.ThrowAsync<CrmException>(() => source.Check(default))).Message.ShouldStartWith("line 4: its source and orderNumber");
        (await File("purchases", "p.ndjson", "{\"orderNumber\":1}\n{\"orderNumber\":1}\n").Check(default)).ShouldBe(2);
    }

    [Fact]
    public async Task records_of_a_member_named_by_external_id_are_sent_together()
    {
        var rows = Enumerable.Range(0, 1_200).Select(n => $"shop,C-{n / 7},lot");
        var source = File("programme", "p.csv", "customerSystem,customerValue,record\n" + string.Join('\n', rows));
        (await source.Check(default)).ShouldBe(1_200);
        var chunks = new List<int>();
        await foreach (var chunk in ImportFile.Chunks(source.Records(default)))
            chunks.Add(chunk.Count);
        chunks.ShouldBe([504, 504, 192]);
    }

    [Fact]
    public async Task text_is_decoded_as_the_charset_that_is_given_or_refused_with_its_offset()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string Text = "name\rNeil Französisch\r";
        (await All(File("customers", "c.csv", Text, "macintosh"))).ShouldBe([new(2, "Neil Französisch", null, false)]);
        File("customers", "d.csv", Text, "macintosh");
        var utf8 = new ImportSource(Path.Combine(folder, "d.csv"), ImportKind.Named("customers"), null, null);
        (await Should.ThrowAsync<CrmException>(() => utf8.Check(default))).Message.ShouldContain("offset 15");
        Should.Throw<CrmException>(() => new ImportSource("x", ImportKind.Named("customers"), "latin", null));
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("purchases")]
    [InlineData("returns")]
    [InlineData("tickets")]
    [InlineData("programme")]
    public async Task a_template_is_a_file_of_its_kind(string kind)
    {
        var source = File(kind, "t.csv", ImportKind.Named(kind).Template());
        var records = await All(source);
        records.ShouldAllBe(r => !r.Broken);
        (await source.Check(default)).ShouldBe(records.Count);
        source.Header.Single().Split(',').Length.ShouldBe(ImportKind.Named(kind).Columns.Count);
    }
}
