using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using static CrmPlatform.Customers.Tests.ImportWords;

namespace CrmPlatform.Customers.Tests;

/// <summary>A gzipped upload that is not whole: what was cut off is not taken for a smaller amount.</summary>
[Collection("customers")]
public sealed class DamagedUploadTests(CustomersFixture fixture)
{
    [Fact]
    public async Task of_one_that_was_cut_off_nothing_is_recorded()
    {
        var source = Fresh();
        var whole = Packed(Purchases(source, 3), CompressionLevel.NoCompression);
        for (var missing = 1; missing < 60; missing++)
        {
            var answer = await Upload(whole[..^missing]);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString().ShouldBe("urn:crm:undecodable");
        }
        (await Rows(await Upload(whole))).ShouldBe(["2 recorded", "3 recorded", "4 recorded"]);
    }

    [Fact]
    public async Task what_was_written_before_the_end_was_found_missing_is_answered()
    {
        var source = Fresh();
        var whole = Packed(Purchases(source, 5_000), CompressionLevel.Optimal);
        var results = await Rows(await Upload(whole[..^100]));
        results[^1].ShouldEndWith("refused undecodable");
        results.Count.ShouldBeInRange(501, 5_000);
        results.SkipLast(1).ShouldAllBe(r => r.EndsWith(" recorded", StringComparison.Ordinal));
        var again = await Rows(await Upload(whole));
        again.Count(r => r.EndsWith(" unchanged", StringComparison.Ordinal)).ShouldBe(results.Count - 1);
        again.Count(r => r.EndsWith(" recorded", StringComparison.Ordinal)).ShouldBe(5_001 - results.Count);
    }

    [Fact]
    public async Task damage_in_the_middle_ends_the_results_with_a_refusal()
    {
        var damaged = Packed(Purchases(Fresh(), 5_000), CompressionLevel.Optimal);
        damaged[damaged.Length * 3 / 4] ^= 0x55;
        (await Rows(await Upload(damaged)))[^1].ShouldEndWith("refused undecodable");
    }

    [Fact]
    public async Task several_members_are_refused()
    {
        var source = Fresh();
        byte[] two = [.. Packed(Purchases(source, 1), CompressionLevel.Fastest), .. Packed("\n", CompressionLevel.Fastest)];
        (await Upload(two)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    static string Purchases(string source, int count) =>
        $"{Header}\n"
        + string.Join('\n', Enumerable.Range(0, count).Select(i => $"{source},{i},store,USD,2026-05-04T10:00:00Z,p,1,{1000 + i}.50"));

    static byte[] Packed(string text, CompressionLevel level)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    Task<HttpResponseMessage> Upload(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("text/csv");
        content.Headers.ContentEncoding.Add("gzip");
        return fixture.Upload("purchases", content);
    }
}
