using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>
/// After a registration, a revision or a verification, compares the customer with those who may be the same, and keeps who is to be
/// reviewed. Repeating it changes nothing.
/// </summary>
public sealed class SuggestMatches(NpgsqlDataSource db, IServiceProvider services, NameCounts counts) : ISubscription
{
    const int AtOnce = 100;

    // The store is made with its subscriptions: it is there when the first page comes, not before.
    EventStore Store => services.GetRequiredService<EventStore>();
    KnownGroups Groups => services.GetRequiredService<KnownGroups>();
    FindMatches Matches => services.GetRequiredService<FindMatches>();

    public string Name => "match-suggestions";
    public TimeSpan Rest => TimeSpan.FromMilliseconds(20);

    public IReadOnlySet<Type> Handles { get; } =
        new HashSet<Type>
        {
            typeof(CustomerRegistered),
            typeof(ProfileRevised),
            typeof(FieldVerified),
            typeof(MatchingRefused),
            typeof(CustomerForgotten),
        };

    public async Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct)
    {
        await counts.Note(page.Count(e => e.Data is CustomerRegistered), ct);
        var customers = page.Select(e => e.StreamId).Distinct().ToArray();
        var open = await OpenCandidates(customers, ct);
        // Most have nothing in common with anybody.
        var near = (await Matches.Near(customers, ct)).Union(open.Select(o => o.Key)).ToArray();
        var places = (await Matches.Current(near, ct)).ToDictionary(p => p.Customer);
        var own = (await Matches.Open(places.Values, ct)).ToDictionary(p => p.Customer);
        // Of a customer whose profile was revised or verified since, the later fact says what to compare.
        var compared = page.Where(e => own.ContainsKey(e.StreamId) && places[e.StreamId].Last == e.Version).Select(e => e.StreamId);
        var matches = new Dictionary<Guid, IReadOnlyList<Match>>();
        foreach (var some in compared.Chunk(AtOnce))
        foreach (var (customer, of) in some.Zip(await Matches.Of([.. some.Select(Sought)], ct)))
            matches[customer] = of;
        var writes = new List<Write>();
        foreach (var e in page)
        {
            IReadOnlyList<Write> found =
                e.Data is CustomerForgotten or MatchingRefused
                    ? [.. open[e.StreamId].Select(c => Write.To(Candidate.Of(c.Id), s => s.Withdraw(Because(e.Data), e.RecordedAt)))]
                : matches.TryGetValue(e.StreamId, out var of) && places[e.StreamId].Last == e.Version
                    ? await Suggested(own[e.StreamId], of, Others(e.StreamId), e.RecordedAt, ct)
                : [];
            var metadata = new EventMetadata(e.Metadata.Correlation, e.Id.ToString());
            writes.AddRange(found.Select(w => w.From(metadata)));
        }
        await Store.Execute(writes, ct: ct);

        SoughtProfile Sought(Guid customer) => new(own[customer].Profile, customer, Others(customer));

        Guid[] Others(Guid customer) => [.. open[customer].Select(c => c.Other)];
    }

    /// <param name="open">With whom the customer is an open candidate.</param>
    async Task<IReadOnlyList<Write>> Suggested(
        ComparedProfile own,
        IReadOnlyList<Match> matches,
        Guid[] open,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        var writes = new List<Write>();
        var group = matches.Any(m => m.Verdict != MatchVerdict.None) ? await Groups.MembersOf(own.Customer, ct) : [];
        writes.AddRange(await Revisited(own, [.. matches.Where(m => m.Score.Generic).Select(m => m.CustomerId)], at, ct));
        foreach (var match in matches.Where(m => !group.Contains(m.CustomerId)))
        {
            var stream = Candidate.Of(Candidate.IdOf(own.Customer, match.CustomerId));
            if (match.Verdict != MatchVerdict.None)
                writes.Add(await Suggested(stream, Fact(own, match, at), ct));
            else if (open.Contains(match.CustomerId))
                writes.Add(Write.To(stream, s => s.Withdraw("profile-changed", at)));
        }
        return writes;
    }

    /// <summary>Who was linked by machine and would not be any more, now that a value of theirs belongs to too many.</summary>
    /// <param name="sharing">With whom the customer shares such a value.</param>
    async Task<IReadOnlyList<Write>> Revisited(ComparedProfile own, Guid[] sharing, DateTimeOffset at, CancellationToken ct)
    {
        if (sharing.Length == 0)
            return [];
        var linked = await db.Query<(Guid One, Guid Other)>(
            """
            select survivor, merged from merges
            where made_by = 'Machine' and undone_at is null and survivor = any(@all) and merged = any(@all)
            """,
            new { all = sharing.Append(own.Customer).ToArray() },
            ct
        );
        var writes = new List<Write>();
        foreach (var (one, other) in linked)
            if (
                await Matches.ProfilesOf([one], ct) is [var profile]
                && (await Matches.Of(new SoughtProfile(profile.Profile, one, [other]), ct)).FirstOrDefault(m => m.CustomerId == other)
                    is { Verdict: not MatchVerdict.Link } match
            )
                writes.Add(
                    Write.To(
                        Candidate.Of(Candidate.IdOf(one, other)),
                        c =>
                            c.Status == CandidateStatus.Confirmed
                                ? c.Suggest(Fact(profile, match, at) with { Reason = MatchVerdict.Revisit }, false)
                                : []
                    )
                );
        return writes;
    }

    static string Because(object fact) => fact is CustomerForgotten ? "forgotten" : "refused";

    async Task<Write> Suggested(Stream<Candidate, ICandidateEvent> stream, MatchSuggested now, CancellationToken ct)
    {
        var (before, _) = await Store.Read(stream, ct);
        var changed = before is { Status: CandidateStatus.Rejected, Suggested: { } then } && await HaveNewIdentifiers(then, now, ct);
        return Write.To(stream, s => s.Suggest(now, changed && s.Suggested!.SaysTheSame(before.Suggested!)));
    }

    /// <summary>Whether an identifier of either customer came or went between two comparisons.</summary>
    async Task<bool> HaveNewIdentifiers(MatchSuggested then, MatchSuggested now, CancellationToken ct)
    {
        (Guid Customer, long Version)[] places =
        [
            (then.First, then.FirstVersion),
            (then.Second, then.SecondVersion),
            (now.First, now.FirstVersion),
            (now.Second, now.SecondVersion),
        ];
        var opened = await Matches.Open([.. places.Distinct()], ct);
        return !Of(places[0]).SetEquals(Of(places[2])) || !Of(places[1]).SetEquals(Of(places[3]));

        HashSet<(IdentifierKind, string)> Of((Guid Customer, long Version) place) =>
            [.. opened.Where(o => (o.Customer, o.Version) == place).SelectMany(o => o.Profile.Identifiers).Select(i => (i.Kind, i.Value))];
    }

    MatchSuggested Fact(ComparedProfile own, Match match, DateTimeOffset at)
    {
        var (one, other) =
            own.Customer == Candidate.Ordered(own.Customer, match.CustomerId).First ? (own, match.Other) : (match.Other, own);
        return new(
            First: one.Customer,
            Second: other.Customer,
            FirstVersion: one.Version,
            SecondVersion: other.Version,
            Weight: match.Score.Weight,
            Probability: match.Score.Probability,
            Reason: match.Verdict,
            Lines: match.Score.Lines,
            Model: MatchModel.M1.Version,
            NamesCountedAt: counts.At,
            OccurredAt: at
        );
    }

    async Task<ILookup<Guid, (Guid Id, Guid Other)>> OpenCandidates(Guid[] customers, CancellationToken ct) =>
        (
            await db.Query<(Guid Customer, Guid Id, Guid Other)>(
                """
                select first, id, second from match_candidates where first = any(@customers) and status = 'Open'
                union all select second, id, first from match_candidates where second = any(@customers) and status = 'Open'
                """,
                new { customers },
                ct
            )
        ).ToLookup(c => c.Customer, c => (c.Id, c.Other));
}
