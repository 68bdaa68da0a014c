using System.IO.Compression;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests;

/// <summary>
/// Person records with known duplicates (FEBRL 1 and 2), compared by a second model of the same code: its table is for Australian
/// records, where the identity number is a comparison and no anchor.
/// </summary>
static class Febrl
{
    /// <summary>A record and the person that it is of, by its number.</summary>
    public sealed record Record(string Id, string Person, string? IdNumber, MatchProfile Profile);

    /// <summary>The Latin table: bits by level, best first.</summary>
    public static MatchModel Latin { get; } =
        new(
            "latin",
            [
                Comparison.Fixed(
                    "given-name",
                    (a, b) => Comparisons.Alike(a.Name?.Given, b.Name?.Given, .92, .80),
                    ("exact", 7),
                    ("near", 5),
                    ("alike", 1.5),
                    ("else", -3)
                ),
                Comparison.Fixed(
                    "surname",
                    (a, b) => Comparisons.Alike(a.Name?.Surname, b.Name?.Surname, .92, .80),
                    ("exact", 8),
                    ("near", 7),
                    ("alike", 3),
                    ("else", -3)
                ),
                Comparison.Fixed("birth-date", Born, ("exact", 12), ("near", 4), ("same-year", -2), ("else", -4)),
                Comparison.Fixed("id", (a, b) => Comparisons.Edited(Number(a), Number(b), 2), ("exact", 14), ("near", 8), ("else", -4)),
                Place("street", a => a.Street, .88, 9, 6, -2),
                Place("suburb", a => a.District, .88, 7, 5, -2),
                Comparison.Fixed(
                    "postal-code",
                    (a, b) => Comparisons.Best(a, b, (x, y) => Comparisons.Edited(x.PostalCode, y.PostalCode, 1)),
                    ("exact", 8),
                    ("near", 3),
                    ("else", -3)
                ),
                Comparison.Fixed(
                    "number",
                    (a, b) => Comparisons.Best(a, b, (x, y) => Comparisons.Edited(x.House, y.House, 0) is { } l ? Math.Min(1, l) : null),
                    ("exact", 5),
                    ("else", -2)
                ),
            ],
            Identifiers: false
        );

    static Comparison Place(string name, Func<MatchAddress, string?> part, double near, params double[] bits) =>
        Comparison.Fixed(
            name,
            (a, b) => Comparisons.Best(a, b, (x, y) => Comparisons.Alike(part(x), part(y), near)),
            ("exact", bits[0]),
            ("near", bits[1]),
            ("else", bits[2])
        );

    static int? Born(MatchProfile one, MatchProfile other) =>
        one.BirthDate is not { } a || other.BirthDate is not { } b ? null
        : Comparisons.Edited(a, b, 1) is < 2 and var level ? level
        : a.Length == 8 && b.Length == 8 && a[..4] == b[..4] ? 2
        : 3;

    static string? Number(MatchProfile profile) => profile.Of(IdentifierKind.IdNumber).FirstOrDefault()?.Value;

    public static List<Record> Read(int set)
    {
        var path = Path.Combine(TestServers.Root, "services/customers/Customers.Tests/data", $"febrl{set}.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var columns = Fields(reader.ReadLine()!);
        var records = new List<Record>();
        while (reader.ReadLine() is { } line)
        {
            var fields = columns.Zip(Fields(line)).ToDictionary(f => f.First, f => f.Second.Length == 0 ? null : f.Second);
            var number = fields["soc_sec_id"];
            var name = MatchName.Latin(fields["given_name"], fields["surname"]);
            var address = new MatchAddress(fields["suburb"], fields["address_1"], fields["street_number"], fields["postcode"]);
            records.Add(
                new(
                    fields["rec_id"]!,
                    fields["rec_id"]!.Split('-')[1],
                    number,
                    new(
                        CustomerKind.Individual,
                        name is null ? null : name with { Given = fields["given_name"], Surname = fields["surname"] },
                        fields["date_of_birth"],
                        null,
                        [address],
                        number is null ? [] : [new(IdentifierKind.IdNumber, number)]
                    )
                )
            );
        }
        return records;

        static string[] Fields(string line) => [.. line.Split(',').Select(f => f.Trim())];
    }

    /// <summary>The six blocks of the acceptance.</summary>
    public static IEnumerable<string> Blocks(Record record)
    {
        var (name, born, address) = (record.Profile.Name, record.Profile.BirthDate, record.Profile.Addresses[0]);
        (string Kind, string?[] Parts)[] blocks =
        [
            ("id", [record.IdNumber]),
            ("born", [born]),
            ("names", [name?.Given, name?.Surname is { } s ? s[..Math.Min(4, s.Length)] : null]),
            ("surname-postcode", [name?.Surname, address.PostalCode]),
            ("given-suburb", [name?.Given, address.District]),
            ("street", [address.House, address.Street]),
        ];
        return blocks.Where(b => b.Parts.All(p => p is not null)).Select(b => $"{b.Kind}|{string.Join('|', b.Parts)}");
    }

    /// <summary>Pairs that share a block, each once.</summary>
    public static HashSet<(int First, int Second)> Pairs(IReadOnlyList<Record> records, Func<Record, IEnumerable<string>> blocks)
    {
        var pairs = new HashSet<(int, int)>();
        foreach (
            var members in records
                .SelectMany((r, i) => blocks(r).Distinct().Select(block => (block, i)))
                .GroupBy(b => b.block, b => b.i)
                .Select(g => g.ToArray())
        )
            for (var a = 0; a < members.Length; a++)
            for (var b = a + 1; b < members.Length; b++)
                pairs.Add((members[a], members[b]));
        return pairs;
    }
}
