using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>Complaints of consumers, as the Consumer Financial Protection Bureau of the United States publishes them.</summary>
static partial class Cfpb
{
    public sealed record Row(string File, string Id, DateTimeOffset Received, string Product, string Issue, string Via, string Narrative);

    /// <summary>One line of JSON for each complaint: solved when it was received, with its issue as the cause.</summary>
    public static IEnumerable<string> AsTickets(string file) =>
        from row in Read()
        where row.File == file
        select JsonSerializer.Serialize(
            new
            {
                source = file,
                reference = row.Id,
                customerId = NameId.For("consumer", row.Id),
                kind = "complaint",
                category = Code(row.Product),
                channel = Code(row.Via),
                subject = row.Issue,
                occurredAt = row.Received,
                history = new[]
                {
                    new
                    {
                        @event = "resolved",
                        occurredAt = row.Received,
                        outcome = "told",
                        cause = Code(row.Issue),
                    },
                },
            }
        );

    public static IEnumerable<Row> Read()
    {
        var path = Path.Combine(TestServers.Root, "services/service-desk/ServiceDesk.Tests/data/cfpb.tsv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var c = line.Split('\t');
            var received = DateTimeOffset.Parse(c[2] + "T12:00Z", CultureInfo.InvariantCulture);
            yield return new(c[0], c[1], received, Product: c[3], Issue: c[4], Via: c[5], Narrative: c[6]);
        }
    }

    static string Code(string text) => NoCode().Replace(text.ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoCode();
}
