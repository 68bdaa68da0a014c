using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Sources;

namespace CrmPlatform.Customers.Merging;

/// <summary>
/// Merges who is certain to be one (the verdict <c>link</c>), if their groups may be: otherwise the candidate says why somebody is asked.
/// Candidates among those who became one by way of others are withdrawn. Repeating it changes nothing.
/// </summary>
public sealed class LinkMatches(NpgsqlDataSource db, IServiceProvider services, TimeProvider clock) : ISubscription
{
    // The store is made with its subscriptions: it is there when the first page comes, not before.
    EventStore Store => services.GetRequiredService<EventStore>();
    Merger Merger => services.GetRequiredService<Merger>();
    KnownSources Sources => services.GetRequiredService<KnownSources>();
    KnownGroups Groups => services.GetRequiredService<KnownGroups>();

    public string Name => "match-links";

    public IReadOnlySet<Type> Handles { get; } = new HashSet<Type> { typeof(MatchSuggested), typeof(CustomersMerged) };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        foreach (var e in page)
        {
            var request = new Request(clock, ct)
            {
                Metadata = new(e.Metadata.Correlation, e.Id.ToString(), e.Metadata.Actor, e.Metadata.TraceParent),
            };
            if (e.Data is MatchSuggested { Reason: MatchVerdict.Link } match)
                await Link(request, e, match, ct);
            // Told of each member: the one of the survivor is enough.
            if (e.Data is CustomersMerged merged && merged.SurvivorId == e.StreamId)
                await Withdraw(request, new Group(merged.SurvivorId, merged.Links), e.RecordedAt, ct);
        }
    }

    async Task Link(Request request, RecordedEvent e, MatchSuggested match, CancellationToken ct)
    {
        var (candidate, _) = await Store.Read(Candidate.Of(e.StreamId), ct);
        if (candidate is not { Status: CandidateStatus.Open, Suggested.Reason: MatchVerdict.Link })
            return;
        var (one, other) = (await Groups.MembersOf(match.First, ct), await Groups.MembersOf(match.Second, ct));
        if (one.Contains(match.Second))
            return; // the merge that made them one withdraws the candidate
        var verdict = MatchDecision.OfGroups(await About(one, other, ct));
        if (verdict == MatchVerdict.Link && !await MayBeMerged([match.First, match.Second], ct))
            verdict = MatchVerdict.Review;
        if (verdict == MatchVerdict.Link)
            try
            {
                var survivor = await Merger.Elder(match.First, match.Second, ct);
                var merged = survivor == match.First ? match.Second : match.First;
                await Merger.Make(request, NameId.For("merge", e.Id.ToString()), survivor, merged, "match", MergedBy.Machine);
                return;
            }
            catch (RuleViolationException)
            {
                verdict = MatchVerdict.Review; // what has changed this very moment, somebody looks at
            }
        await Store.Write(
            request,
            Candidate.Of(e.StreamId),
            c => c.Status == CandidateStatus.Open && c.Suggested!.Reason == MatchVerdict.Link ? [match with { Reason = verdict }] : []
        );
    }

    async Task<bool> MayBeMerged(Guid[] customers, CancellationToken ct)
    {
        foreach (var customer in customers)
            if ((await Sources.Of((await Store.Read(Customer.Of(customer), ct)).State.Source, ct)) is { MachineMerges: false })
                return false;
        return true;
    }

    async Task<MatchGroups> About(IReadOnlyList<Guid> one, IReadOnlyList<Guid> other, CancellationToken ct)
    {
        var (links, separated) = await db.QuerySingleOrDefault<(int Links, bool Separated)>(
            """
            select count(*)::int, coalesce(bool_or(undone_at is not null
                and ((survivor = any(@one) and merged = any(@other)) or (survivor = any(@other) and merged = any(@one)))), false)
            from merges where survivor = any(@all) or merged = any(@all)
            """,
            new
            {
                one = one.ToArray(),
                other = other.ToArray(),
                all = one.Concat(other).ToArray(),
            },
            ct
        );
        return new(one.Count + other.Count, links, await Merger.Contradict(one, other, ct), separated);
    }

    async Task Withdraw(Request request, Group group, DateTimeOffset at, CancellationToken ct)
    {
        var open = await db.Query<Guid>(
            """
            select id from match_candidates
            where first = any(@members) and second = any(@members) and status = 'Open' and reason <> 'Revisit'
            """,
            new { members = group.Members.ToArray() },
            ct
        );
        await Store.Execute(request, [.. open.Select(id => Write.To(Candidate.Of(id), c => c.Withdraw("merged", at)))]);
    }
}
