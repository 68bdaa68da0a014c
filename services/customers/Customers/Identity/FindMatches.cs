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

    /// <returns>All that were compared, the highest weight first.</returns>
    public async Task<IReadOnlyList<Match>> Of(SoughtProfile sought, CancellationToken ct) => (await Of([sought], ct))[0];

    /// <summary>The same of many profiles, in their order.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Match>>> Of(IReadOnlyList<SoughtProfile> sought, CancellationToken ct)
    {
        var (customers, found) = await Find(sought, ct);
        var places = found.SelectMany(f => f).DistinctBy(p => p.Customer).ToList();
        var opened = (await Open(places, ct)).ToDictionary(p => p.Customer);
        var now = clock.GetUtcNow();
        return [.. sought.Zip(found, Compared)];

        IReadOnlyList<Match> Compared(SoughtProfile one, IReadOnlyList<IndexedProfile> others)
        {
            var context = new MatchContext(counts.Customers, counts.ShareOf, IsGeneric, now);
            return
            [
                .. others
                    .Select(o => opened.GetValueOrDefault(o.Customer))
                    .OfType<ComparedProfile>()
                    .Select(other =>
                    {
                        var score = MatchScore.Of(one.Profile, other.Profile, MatchModel.M1, context);
                        var verdict = MatchDecision.Of(one.Profile, other.Profile, score, new(), options, now);
                        return new Match(other, score, verdict);
                    })
                    .OrderByDescending(m => m.Score.Weight)
                    .ThenBy(m => m.CustomerId),
            ];

            bool IsGeneric(Identifier identifier) =>
                customers.GetValueOrDefault(BlockingKeys.Of(identifier).Hash(index)) + (one.Self is null ? 1 : 0)
                > IdentifierRule.Of(identifier.Kind).Most;
        }
    }

    /// <summary>How many customers have each key of the profiles, and for each profile those who share most keys with it.</summary>
    public async Task<(IReadOnlyDictionary<long, int> Customers, IReadOnlyList<IReadOnlyList<IndexedProfile>> Found)> Find(
        IReadOnlyList<SoughtProfile> sought,
        CancellationToken ct
    )
    {
        var keys = sought.Select(s => BlockingKeys.Of(s.Profile).Select(k => k.Hash(index)).Distinct().ToArray()).ToList();
        var sharing = (
            await db.Query<(long Key, Guid Customer)>(
                """
                select k.key, m.customer_id from unnest(@keys) k(key)
                cross join lateral (select customer_id from match_keys m where m.key = k.key limit @most + 1) m
                """,
                new { keys = keys.SelectMany(k => k).Distinct().ToArray(), most = TooCommon },
                ct
            )
        ).GroupBy(k => k.Key, k => k.Customer).ToDictionary(k => k.Key, k => k.ToList());
        tooCommon.Add(keys.Sum(of => of.Count(IsTooCommon)));
        var near = sought.Zip(keys, Nearest).ToList();
        var places = (
            await db.Query<(Guid Customer, long Version, long[] Verified)>(
                """
                select customer_id, version, verified from match_profiles p where customer_id = any(@customers)
                    and not exists (select from match_refused r where r.customer_id = p.customer_id)
                """,
                new { customers = near.SelectMany(n => n).Concat(sought.Select(s => s.Self).OfType<Guid>()).Distinct().ToArray() },
                ct
            )
        ).ToDictionary(p => p.Customer, p => new IndexedProfile(p.Customer, p.Version, p.Verified));
        return (
            sharing.ToDictionary(k => k.Key, k => k.Value.Count),
            [
                .. sought.Zip(
                    near,
                    IReadOnlyList<IndexedProfile> (one, others) =>
                        one.Self is { } self && !places.ContainsKey(self)
                            ? []
                            : [.. others.Select(o => places.GetValueOrDefault(o)).OfType<IndexedProfile>()]
                ),
            ]
        );

        bool IsTooCommon(long key) => sharing.TryGetValue(key, out var customers) && customers.Count > TooCommon;

        List<Guid> Nearest(SoughtProfile one, long[] of) =>
            [
                .. of.Where(k => sharing.ContainsKey(k) && !IsTooCommon(k))
                    .SelectMany(k => sharing[k])
                    .Where(c => c != one.Self)
                    .CountBy(c => c)
                    .OrderByDescending(c => c.Value)
                    .ThenBy(c => c.Key)
                    .Take(MostScored)
                    .Select(c => c.Key)
                    .Union(one.Also),
            ];
    }

    /// <summary>Those of these customers who share a key with somebody.</summary>
    public Task<List<Guid>> Near(Guid[] customers, CancellationToken ct) =>
        db.Query<Guid>(
            """
            select customer_id from match_profiles p where customer_id = any(@customers)
                and exists (select from unnest(p.keys) k join match_keys m on m.key = k where m.customer_id <> p.customer_id)
            """,
            new { customers },
            ct
        );

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
