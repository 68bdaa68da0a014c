using System.Diagnostics.Metrics;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// Who may be the same as a profile: those who share most keys with it, at most 100, whose profiles are opened and scored. A key that more
/// than 200 customers have finds nobody. Nobody is found who refuses it, and for them nobody.
/// </summary>
public sealed class FindMatches(
    NpgsqlDataSource db,
    EventStore store,
    PersonalIndex index,
    Business business,
    IdentityOptions options,
    NameCounts counts,
    TimeProvider clock
)
{
    public const int MostScored = 100,
        TooCommon = 200;

    static readonly Meter meter = new("Crm.Customers");
    static readonly Counter<long> tooCommon = meter.CreateCounter<long>(
        "crm.identity.keys.too_common",
        "{key}",
        "Keys of a profile that found nobody because too many customers have them"
    );

    /// <param name="self">The customer whose profile it is; null of one who is not registered yet.</param>
    /// <param name="also">Customers who are compared in any case.</param>
    /// <returns>All that were compared, the highest weight first.</returns>
    public async Task<IReadOnlyList<Match>> Of(MatchProfile profile, Guid? self, IReadOnlyCollection<Guid> also, CancellationToken ct)
    {
        var (customers, found) = await Find(profile, self, also, ct);
        var now = clock.GetUtcNow();
        var context = new MatchContext(counts.Customers, counts.ShareOf, IsGeneric, now);
        return
        [
            .. (await Open(found, ct))
                .Select(other =>
                {
                    var score = MatchScore.Of(profile, other.Profile, MatchModel.M1, context);
                    var verdict = MatchDecision.Of(profile, other.Profile, score, new(), options, now);
                    return new Match(other, score, verdict);
                })
                .OrderByDescending(m => m.Score.Weight)
                .ThenBy(m => m.CustomerId),
        ];

        bool IsGeneric(Identifier identifier) =>
            customers.GetValueOrDefault(BlockingKeys.Of(identifier).Hash(index)) + (self is null ? 1 : 0)
            > IdentifierRule.Of(identifier.Kind).Most;
    }

    /// <summary>How many customers have each key of a profile, and the profiles of those who share most of them.</summary>
    public async Task<(IReadOnlyDictionary<long, long> Customers, IReadOnlyList<IndexedProfile> Found)> Find(
        MatchProfile profile,
        Guid? self,
        IReadOnlyCollection<Guid> also,
        CancellationToken ct
    )
    {
        var keys = BlockingKeys.Of(profile).Select(k => k.Hash(index)).Distinct().ToArray();
        var customers = (
            await db.Query<(long Key, long Customers)>(
                """
                select k.key, (select count(*) from (select from match_keys m where m.key = k.key limit @most + 1) c)
                from unnest(@keys) k(key)
                """,
                new { keys, most = TooCommon },
                ct
            )
        ).ToDictionary(k => k.Key, k => k.Customers);
        var usable = keys.Where(k => customers[k] <= TooCommon).ToArray();
        if (usable.Length < keys.Length)
            tooCommon.Add(keys.Length - usable.Length);
        var found = await db.Query<(Guid Customer, long Version, long[] Verified)>(
            """
            with found as (
                select customer_id, count(*) as shared from match_keys where key = any(@usable) and customer_id is distinct from @self
                group by customer_id order by shared desc, customer_id limit @most)
            select p.customer_id, p.version, p.verified from match_profiles p
            where p.customer_id in (select customer_id from found union all select unnest(@also::uuid[]))
                and not exists (select from match_refused r where r.customer_id in (p.customer_id, @self))
            """,
            new
            {
                usable,
                self,
                also = also.ToArray(),
                most = MostScored,
            },
            ct
        );
        return (customers, [.. found.Select(f => new IndexedProfile(f.Customer, f.Version, f.Verified))]);
    }

    /// <summary>Where the profiles of these customers stand now.</summary>
    public async Task<IReadOnlyList<IndexedProfile>> Current(Guid[] customers, CancellationToken ct) =>
        [
            .. (
                await db.Query<(Guid Customer, long Version, long[] Verified)>(
                    "select customer_id, version, verified from match_profiles where customer_id = any(@customers)",
                    new { customers },
                    ct
                )
            ).Select(p => new IndexedProfile(p.Customer, p.Version, p.Verified)),
        ];

    /// <summary>The profiles of these customers, with what was verified; none of those who were forgotten.</summary>
    public async Task<IReadOnlyList<ComparedProfile>> ProfilesOf(IReadOnlyCollection<Guid> customers, CancellationToken ct) =>
        await Open(await Current([.. customers], ct), ct);

    /// <summary>The profiles that these facts hold, as they were given; none of those who were forgotten.</summary>
    public Task<IReadOnlyList<ComparedProfile>> Open(IReadOnlyCollection<(Guid Customer, long Version)> facts, CancellationToken ct) =>
        Open([.. facts.Select(f => new IndexedProfile(f.Customer, f.Version, []))], ct);

    /// <summary>The profiles that stand there, with what was verified since; none of those who were forgotten.</summary>
    public async Task<IReadOnlyList<ComparedProfile>> Open(IReadOnlyCollection<IndexedProfile> places, CancellationToken ct)
    {
        var facts = (await store.ReadAt([.. places.SelectMany(p => p.Facts).Distinct()], ct)).ToDictionary(e => (e.StreamId, e.Version));
        return [.. places.Select(Opened).OfType<ComparedProfile>()];

        ComparedProfile? Opened(IndexedProfile place)
        {
            var read = place.Facts.Where(facts.ContainsKey).Select(f => facts[f]).ToList();
            return read is [var profile, .. var since]
                ? ComparedProfile.Of(profile, since.Select(e => e.Data).OfType<FieldVerified>(), business.Region, options)
                : null;
        }
    }

    public ComparedProfile? Open(RecordedEvent e) => ComparedProfile.Of(e, [], business.Region, options);
}
