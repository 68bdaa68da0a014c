using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>What rows of imports do, and by what they are known again.</summary>
[Collection("customers")]
public sealed class ImportedRowsTests(CustomersFixture fixture)
{
    [Fact]
    public async Task a_row_of_json_is_validated_as_deeply_as_the_endpoint_validates()
    {
        var system = Fresh();
        string Row(string id, string more) =>
            $$"""{"kind":"individual","externalIds":[{"system":"{{system}}","value":"{{id}}"}]{{more}}}""";
        (
            await fixture.Import(
                "customers",
                string.Join(
                    '\n',
                    Row("1", ""","profile":{"gender":"zzz"}"""),
                    Row("2", ""","profile":{"householdSize":5000}"""),
                    Row("", ""),
                    Row("4", ""","contacts":[null]"""),
                    Row("5", ""","profile":{"name":"a\u0000b"}"""),
                    Row("6", $$""","profile":{"name":"{{new string('x', 4_000)}}"}"""),
                    """{"kind":7}""",
                    Row("8", "")
                ),
                type: "application/x-ndjson"
            )
        ).ShouldBe([
            "1 refused invalid-request profile.gender",
            "2 refused invalid-request profile.householdSize",
            "3 refused invalid-request externalIds[0].value",
            "4 refused invalid-request contacts[0]",
            "5 refused invalid-request profile.name",
            "6 refused invalid-request profile.name",
            "7 refused invalid-request kind",
            "8 recorded",
        ]);
    }

    [Fact]
    public async Task a_row_without_an_external_id_is_known_by_its_content_not_by_its_place()
    {
        var name = Fresh();
        (await fixture.Import("customers", $"name,city\n{name} A,x\n{name} B,y\n")).ShouldBe(["2 recorded", "3 recorded"]);
        (await fixture.Import("customers", $"name,city\n{name} C,z\n{name} A,x\n{name} B,y\n")).ShouldBe([
            "2 recorded",
            "3 unchanged",
            "4 unchanged",
        ]);
    }

    [Fact]
    public async Task a_known_customer_with_other_data_is_refused_not_unchanged()
    {
        var system = Fresh();
        const string Columns = "externalSystem,externalId,name,phone,tags\n";
        (await fixture.Import("customers", $"{Columns}{system},1,王明,13800138000,vip\n")).ShouldBe(["2 recorded"]);
        (await fixture.Import("customers", $"{Columns}{system},1,王明,138 0013 8000,vip\n{system}, 1 ,,,\n")).ShouldBe([
            "2 unchanged",
            "3 unchanged",
        ]);
        (await fixture.Import("customers", $"{Columns}{system},1,王明,13800138001,\n{system},1,李雷,,\n{system},1,,,gold\n")).ShouldBe([
            "2 refused registered-differently phone",
            "3 refused registered-differently name",
            "4 refused registered-differently tags",
        ]);
    }

    [Theory]
    [InlineData("customers", "externalSystem,externalId,name", "1,A", "2,B", "1,C", "registered-differently externalId 2")]
    [InlineData(
        "purchases",
        "source,orderNumber,channel,currency,occurredAt,productId,quantity,net",
        "1,store,USD,2026-05-04T10:00:00Z,p,1,1",
        "2,store,USD,2026-05-04T10:00:00Z,p,1,1",
        "1,store,USD,2026-05-04T10:00:00Z,p,1,9",
        "duplicate-order orderNumber 2"
    )]
    public async Task a_dry_run_says_what_an_import_does_and_records_nothing(
        string kind,
        string header,
        string one,
        string two,
        string other,
        string refusal
    )
    {
        var source = Fresh();
        var csv = $"{header}\n{source},{one}\n{source},{two}\n{source},{one}\n{source},{two}\n{source},{other}\n";
        string[] expected = ["2 would-record", "3 would-record", "4 unchanged", "5 unchanged", $"6 refused {refusal}"];
        (await fixture.Import(kind, csv, "?dryRun=true")).ShouldBe(expected);
        (await fixture.Import(kind, csv, "?dryRun=true")).ShouldBe(expected);
        (await fixture.Import(kind, csv)).Take(3).ShouldBe(["2 recorded", "3 recorded", "4 unchanged"]);
        (await fixture.Import(kind, csv, "?dryRun=true")).Take(3).ShouldBe(["2 unchanged", "3 unchanged", "4 unchanged"]);
    }

    [Fact]
    public async Task returns_follow_their_orders_and_lost_ones_are_said()
    {
        var source = Fresh();
        await fixture.Import(
            "purchases",
            $"{Header}\n{source},1,store,USD,2026-05-04T10:00:00Z,a,2,20\n{source},1,store,USD,2026-05-04T10:00:00Z,b,1,5\n"
        );
        const string Columns = "source,orderNumber,returnNumber,channel,occurredAt,productId,quantity,net\n";
        const string Rest = "store,2026-05-05T10:00:00Z";
        var csv =
            $"{Columns}{source},1,R1,{Rest},a,1,10\n{source},1,R1,{Rest},b,1,5\n{source},1,R2,{Rest},c,1,1\n{source},1,R3,{Rest},a,2,10\n"
            + $"{source},9,R4,{Rest},a,1,1\n{source},1,R5,{Rest},,,\n";
        string[] refusals =
        [
            "4 refused product-not-purchased lines",
            "5 refused return-exceeds-purchase lines",
            "6 refused purchase-unknown orderNumber",
        ];
        (await fixture.Import("returns", csv)).ShouldBe(["2 recorded", .. refusals, "7 recorded"]);
        (await fixture.Import("returns", csv)).ShouldBe(["2 unchanged", .. refusals, "7 unchanged"]);
        (await fixture.Import("returns", $"{Columns}{source},1,R1,{Rest},a,1,9\n")).ShouldBe(["2 refused duplicate-return returnNumber"]);
    }

    [Fact]
    public async Task every_fact_of_an_import_keeps_its_source_and_import()
    {
        var system = Fresh();
        var content = new StringContent(
            $"source,externalSystem,externalId,name,tags\nerp,{system},1,王明,vip\n",
            Encoding.UTF8,
            "text/csv"
        );
        var answer = await fixture.All().PostAsync($"/api/customers/imports/{system}/customers", content);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var connection = await fixture.Db.OpenConnectionAsync();
        (
            await Dapper.SqlMapper.QueryAsync<string>(
                connection,
                """
                select type || ' ' || (headers ->> 'source') from mt_events
                where headers ->> 'import' = @system and type like 'customer%' order by seq_id
                """,
                new { system }
            )
        ).ShouldBe(["customer_registered erp", "customer_tagged erp"]);
    }
}
