using System.Buffers.Binary;
using System.Text;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Finds names without holding them: for each customer the fact that has the name, and HMACs of the name's characters and pairs of
/// characters, in no order (docs/decisions/0049).
/// </summary>
public sealed class SealedNames(PersonalIndex index) : IProjection
{
    public string Name => "directory-names";

    public string Ddl =>
        """
            create table if not exists directory_names (customer_id uuid primary key, version bigint not null, grams bigint[] not null);
            create index if not exists directory_names_grams on directory_names using gin (grams)
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomerRegistered>((r, e, sql) => Put(r.Personal?.Value, e, sql))
            .On<ProfileRevised>((r, e, sql) => Put(r.Personal?.Value, e, sql))
            .On<CustomerForgotten>((_, e, sql) => Delete(e, sql));

    void Put(PersonalDetails? details, RecordedEvent e, SqlBatch sql)
    {
        if (details?.Name is not { } name)
            Delete(e, sql);
        else
            sql.Add(
                """
                insert into directory_names (customer_id, version, grams) values ($1, $2, $3)
                on conflict (customer_id) do update set version = excluded.version, grams = excluded.grams
                """,
                e.StreamId,
                e.Version,
                Of(index, [.. Characters(name), .. Pairs(name)])
            );
    }

    static void Delete(RecordedEvent e, SqlBatch sql)
    {
        if (e.Version > 1)
            sql.Add("delete from directory_names where customer_id = $1", e.StreamId);
    }

    /// <summary>What every name has that holds this text: its pairs, or a single character.</summary>
    /// <param name="folded">Not empty.</param>
    public static long[] Asked(PersonalIndex index, string folded) =>
        Of(index, Pairs(folded) is { Count: > 0 } pairs ? pairs : Characters(folded));

    /// <summary>The names in these facts, opened; none of those who were forgotten.</summary>
    public static async Task<Dictionary<Guid, string>> Of(
        EventStore store,
        IEnumerable<(Guid Stream, long Version)> facts,
        CancellationToken ct
    ) =>
        (await store.ReadAt([.. facts], ct))
            .Select(e =>
                (
                    e.StreamId,
                    Name: e.Data switch
                    {
                        CustomerRegistered r => r.Personal?.Value?.Name,
                        ProfileRevised r => r.Personal?.Value?.Name,
                        _ => null,
                    }
                )
            )
            .Where(n => n.Name is not null)
            .ToDictionary(n => n.StreamId, n => n.Name!);

    static List<string> Characters(string folded) => [.. Names.Folded(folded).EnumerateRunes().Select(r => r.ToString())];

    static List<string> Pairs(string folded)
    {
        var characters = Characters(folded);
        return [.. characters.Zip(characters.Skip(1), (one, next) => one + next)];
    }

    /// <summary>In the order of the numbers, which says nothing of the order in the name.</summary>
    static long[] Of(PersonalIndex index, List<string> grams) =>
        [
            .. grams
                .Distinct(StringComparer.Ordinal)
                .Select(g => BinaryPrimitives.ReadInt64BigEndian(index.Of(g.EnumerateRunes().Count() == 1 ? "name1" : "name2", g)))
                .Order(),
        ];
}
