namespace CrmPlatform.Crm.Tests;

public class ImportFileTests
{
    [Fact]
    public void a_quoted_line_end_belongs_to_its_record() =>
        ImportFile
            .Records(new StringReader("1,\"two\nlines\",x\n\n2,\"a \"\"quoted\"\" word\",y"), csv: true)
            .ShouldBe(["1,\"two\nlines\",x", "2,\"a \"\"quoted\"\" word\",y"]);

    [Fact]
    public void records_of_one_member_are_sent_together()
    {
        string[] records = [.. Enumerable.Range(0, 1_600).Select(n => $"member-{n / 7},{n}")];
        var chunks = ImportFile.Chunks(records, together: true).ToList();
        chunks.SelectMany(c => c).ShouldBe(records);
        chunks.Select(c => c.Length).ShouldBe([504, 504, 504, 88]);
        ImportFile.Chunks(records, together: false).Select(c => c.Length).ShouldBe([500, 500, 500, 100]);
    }

    [Fact]
    public void a_quote_in_json_lines_joins_nothing() =>
        ImportFile.Records(new StringReader("{\"a\":\"\\\"\"}\n{\"b\":1}\n"), csv: false).ShouldBe(["{\"a\":\"\\\"\"}", "{\"b\":1}"]);
}
