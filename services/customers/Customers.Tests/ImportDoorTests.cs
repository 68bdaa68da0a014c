using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>What an import understands, and how it refuses what it does not.</summary>
[Collection("customers")]
public sealed class ImportDoorTests(CustomersFixture fixture)
{
    [Theory]
    [InlineData("\"19,90\"", "1", "2026-05-04T10:00:00Z", "net")]
    [InlineData("1.000,5", "1", "2026-05-04T10:00:00Z", "net", ';')]
    [InlineData("1e3", "1", "2026-05-04T10:00:00Z", "net")]
    [InlineData("1", "\"1,5\"", "2026-05-04T10:00:00Z", "quantity")]
    [InlineData("1", "1", "04.05.2026", "occurredAt")]
    [InlineData("1", "1", "05/04/2026", "occurredAt")]
    [InlineData("1", "1", "12:00", "occurredAt")]
    [InlineData("1", "1", "2026-05", "occurredAt")]
    [InlineData("1", "1", "2026-05-04T10:00:00", "occurredAt")]
    public async Task a_number_or_an_instant_is_not_guessed(string net, string quantity, string at, string field, char mark = ',')
    {
        var csv = $"{Header}\n{Fresh()},1,store,USD,{at},p,{quantity},{net}\n".Replace(
            mark == ',' ? "\0" : ",",
            mark.ToString(),
            StringComparison.Ordinal
        );
        if (mark != ',')
            csv = csv.Replace("1.000;5", "1.000,5", StringComparison.Ordinal);
        (await fixture.Import("purchases", csv)).ShouldBe([$"2 refused invalid-request {field}"]);
    }

    [Theory]
    [InlineData("source,orderNumber,channel,currency,occurredAt,productId,quantity,net,customer", "customer")]
    [InlineData("source,orderNumber,channel,currency,occurredAt,productId,quantity", "net")]
    [InlineData("source,orderNumber,channel,currency,occurredAt,productId,quantity,net,NET", "twice")]
    [InlineData("\"source,orderNumber", "quote")]
    [InlineData("", "no header")]
    public async Task a_header_that_is_not_understood_refuses_the_file(string header, string said)
    {
        var answer = await fixture.Upload(
            "purchases",
            new StringContent($"{header}\n{Fresh()},1,store,USD,2026-05-04T10:00:00Z,p,1,1", Encoding.UTF8, "text/csv")
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("urn:crm:invalid-header");
        problem.GetProperty("detail").GetString()!.ShouldContain(said);
        problem.GetProperty("detail").GetString()!.ShouldContain("orderNumber (required)");
    }

    [Theory]
    [InlineData(";", "")]
    [InlineData("\t", "")]
    [InlineData("|", "sep=|\r\n")]
    public async Task the_separator_is_found_from_the_header_and_names_have_any_case(string mark, string before)
    {
        var csv = $"{before}{Header.ToUpperInvariant()},Colour\r\n{Fresh()},1,store,USD,2026-05-04T10:00:00Z,p,1,2.50,red\r\n";
        csv = csv.Replace(",", mark, StringComparison.Ordinal);
        (await fixture.Import("purchases", csv, "?ignoreUnknown=true")).ShouldBe([$"{(before.Length > 0 ? 3 : 2)} recorded"]);
    }

    [Fact]
    public async Task an_open_quote_refuses_its_own_line_and_the_next_are_read()
    {
        var system = Fresh();
        var csv =
            $"externalSystem,externalId,name,city\n{system},1,\"Ann Lee,\n{system},2,Bob,Paris\n{system},3,a \"b\" c,\n"
            + $"{system},4,\"x\"y,\n{system},5\n";
        (await fixture.Import("customers", csv)).ShouldBe([
            "2 refused invalid-request",
            "3 recorded",
            "4 refused invalid-request",
            "5 refused invalid-request",
            "6 refused invalid-request",
        ]);
    }

    [Fact]
    public async Task an_order_is_not_recorded_without_one_of_its_lines()
    {
        var (source, at) = (Fresh(), "2026-05-04T10:00:00Z");
        string Line(int order, string net) => $"{source},{order},store,USD,{at},p{net},1,{net}\n";
        var csv =
            $"{Header}\n{Line(1, "60")}{source},1,store,USD,{at},\"p,1,40\n{Line(2, "5")}{Line(3, "6")}"
            + $"{Line(4, "1")}{Line(4, "many")}{Line(5, "1")}{source},5,store,EUR,{at},p,1,1\n{Line(6, "1")}";
        (await fixture.Import("purchases", csv)).ShouldBe([
            "2 refused invalid-request  3",
            "3 refused invalid-request",
            "4 refused invalid-request  3",
            "5 recorded",
            "6 refused invalid-request net 7",
            "8 refused contradiction currency 9",
            "10 recorded",
        ]);
    }

    [Fact]
    public async Task a_refused_line_of_an_order_is_named_by_its_record()
    {
        var source = Fresh();
        string Line(int order, string quantity, string net) => $"{source},{order},store,USD,2026-05-04T10:00:00Z,p,{quantity},{net}\n";
        var csv =
            $"{Header}\n{Line(1, "1", "1")}{Line(1, "-1", "1")}{Line(2, "1", "1")}{Line(2, "1", "1")}{Line(2, "1", "1.005")}"
            + $"{Line(3, "-1", "1")}{Line(3, "1", "1")}";
        (await fixture.Import("purchases", csv)).ShouldBe([
            "2 refused invalid-request quantity 3",
            "4 refused invalid-request net 6",
            "7 refused invalid-request quantity",
        ]);
    }

    [Fact]
    public async Task text_is_decoded_strictly_as_the_charset_that_is_given()
    {
        var name = Fresh();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding("gb18030").GetBytes($"externalSystem,externalId,name\n{name},1,王小明\n");
        ByteArrayContent Content(string? charset)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Type", charset is null ? "text/csv" : $"text/csv; charset={charset}");
            return content;
        }
        var refused = await fixture.Upload("customers", Content(null));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain($"offset {bytes.Length - 7}");
        (await fixture.Upload("customers", Content("klingon"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await Rows(await fixture.Upload("customers", Content("GBK")))).ShouldBe(["2 recorded"]);
        var found = await fixture.All().PostAsJsonAsync("/api/customers/search", new { externalId = new { system = name, value = " 1 " } });
        (await found.Content.ReadAsStringAsync()).ShouldContain("王小明");
    }

    [Fact]
    public async Task a_gzipped_upload_is_inflated_and_another_coding_refused()
    {
        var csv = $"{Header}\n{Fresh()},1,store,USD,2026-05-04T10:00:00Z,p,1,1\n";
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(csv));
        ByteArrayContent Content(byte[] bytes, string coding)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new("text/csv");
            content.Headers.ContentEncoding.Add(coding);
            return content;
        }
        (await Rows(await fixture.Upload("purchases", Content(packed.ToArray(), "gzip")))).ShouldBe(["2 recorded"]);
        (await fixture.Upload("purchases", Content(packed.ToArray(), "br"))).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await fixture.Upload("purchases", Content("no gzip"u8.ToArray(), "gzip"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
