namespace CrmPlatform.Crm.Tests;

public class ImportFileTests
{
    [Fact]
    public void a_quoted_line_end_belongs_to_its_record() =>
        ImportFile.Records(new StringReader("1,\"two\nlines\",x\n\n2,\"a \"\"quoted\"\" word\",y"), csv: true)
            .ShouldBe(["1,\"two\nlines\",x", "2,\"a \"\"quoted\"\" word\",y"]);

    [Fact]
    public void a_quote_in_json_lines_joins_nothing() =>
        ImportFile.Records(new StringReader("{\"a\":\"\\\"\"}\n{\"b\":1}\n"), csv: false).ShouldBe(["{\"a\":\"\\\"\"}", "{\"b\":1}"]);
}
