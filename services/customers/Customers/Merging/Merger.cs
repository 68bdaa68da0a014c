using System.Diagnostics.Metrics;
using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Merging;

/// <summary>
/// Makes two groups of customers one, and takes them apart: a fact on each member, in one transaction with the merge itself. Nothing of the
/// customers is changed. It is decided on the groups as they are: where one changes meanwhile, it is decided again.
/// </summary>
public sealed class Merger(EventStore store, KnownGroups groups, FindMatches matches)
{
    static readonly Meter meter = new("Crm.Customers");
    static readonly Counter<long> made = meter.CreateCounter<long>("crm.identity.merges", "{merge}", "Merges that were made, by whom");
    static readonly Counter<long> undone = meter.CreateCounter<long>("crm.identity.merges.undone", "{merge}", "Merges that were undone");

    /// <param name="id">Id of the merge, if it is made.</param>
    /// <returns>The merge that makes them one; that of before if they are one by it already.</returns>
    /// <exception cref="RuleViolationException">
    /// <c>same-customer</c>, <c>already-linked</c>, those of <see cref="MergeRules.Join"/>; <c>contradiction</c>: a member of one group has
    /// another valid identity number than one of the other.
    /// </exception>
    public Task<WriteResult> Make(Request request, Guid id, Guid survivor, Guid merged, string reason, MergedBy by) =>
        GroupChangedException.Again(async () =>
        {
            if (survivor == merged)
                throw new RuleViolationException("same-customer", "A customer is one with themselves already.", "mergedId");
            var (mine, theirs) = (await groups.MembersOf(survivor, request.Cancelled), await groups.MembersOf(merged, request.Cancelled));
            if (mine.Contains(merged))
                return await Existing(request, survivor, merged);
            if (await Contradict(mine, theirs, request.Cancelled))
                throw new RuleViolationException(
                    "contradiction",
                    "They have different identity numbers. If one of them is wrong, correct that profile first.",
                    "mergedId"
                );
            var result = await store.Write(
                request.Creates(id, $"/api/customers/merges/{id}", version: 1),
                Write
                    .To(
                        Candidate.Of(Candidate.IdOf(survivor, merged)),
                        Merge.Of(id),
                        [.. mine.Union(theirs).Select(Customer.Of)],
                        (candidate, merge, members) =>
                        {
                            var joined = MergeRules.Join(id, survivor, merged, members.ToDictionary(m => m.Id, m => m.State));
                            merge.Append(new MergeMade(survivor, merged, reason, by, request.Now));
                            if (candidate.State.Status is not null)
                                candidate.Append(new MatchConfirmed(id, request.Now));
                            foreach (var member in members)
                                member.Append(new CustomersMerged(id, joined.SurvivorId, joined.Links, request.Now));
                        }
                    )
                    .From(request.Metadata)
            );
            made.Add(1, new KeyValuePair<string, object?>("by", by.ToString().ToLowerInvariant()));
            return result;
        });

    /// <exception cref="NotFoundException">There is no such merge.</exception>
    /// <exception cref="RuleViolationException"><c>customer-forgotten</c>: all of one side were forgotten.</exception>
    public Task<WriteResult> Undo(Request request, Guid id, string reason) =>
        GroupChangedException.Again(async () =>
        {
            var (merge, _) = await store.Read(Merge.Of(id), request.Cancelled);
            if (merge.Made is not { } pair)
                throw new NotFoundException("merge", id);
            var members = merge.Undone is null ? await groups.MembersOf(pair.Survivor, request.Cancelled) : [];
            var result = await store.Write(
                request,
                Write
                    .To(
                        Merge.Of(id),
                        Candidate.Of(Candidate.IdOf(pair.Survivor, pair.Merged)),
                        [.. members.Select(Customer.Of)],
                        (there, candidate, customers) =>
                        {
                            if (there.State.Undone is not null)
                                return;
                            var parts = MergeRules
                                .Part(id, customers.ToDictionary(c => c.Id, c => c.State))
                                .SelectMany(part => part.Members.Select(m => (m, part)))
                                .ToDictionary(p => p.m, p => p.part);
                            there.Append(new MergeUndone(reason, request.Now));
                            candidate.Append(new MatchSeparated(id, reason, request.Now));
                            foreach (var customer in customers)
                                customer.Append(
                                    new CustomersUnmerged(id, parts[customer.Id].SurvivorId, parts[customer.Id].Links, request.Now)
                                );
                        }
                    )
                    .From(request.Metadata)
            );
            undone.Add(result.Events.Count > 0 ? 1 : 0);
            return result;
        });

    /// <summary>The groups that undoing a merge would leave.</summary>
    /// <exception cref="RuleViolationException">As undoing it.</exception>
    public Task<IReadOnlyList<Group>> Parts(Guid id, MergeMade made, CancellationToken ct) =>
        GroupChangedException.Again(async () =>
        {
            var members = new Dictionary<Guid, Customer>();
            foreach (var member in await groups.MembersOf(made.Survivor, ct))
                members.Add(member, (await store.Read(Customer.Of(member), ct)).State);
            return MergeRules.Part(id, members);
        });

    /// <summary>Whether members of both groups have valid identity numbers that differ.</summary>
    public async Task<bool> Contradict(IReadOnlyList<Guid> one, IReadOnlyList<Guid> other, CancellationToken ct)
    {
        var profiles = (await matches.ProfilesOf([.. one, .. other], ct)).ToLookup(p => one.Contains(p.Customer), p => p.Profile);
        return MatchDecision.Contradict(profiles[true], [.. profiles[false].Where(p => profiles[true].All(o => o.Kind == p.Kind))]);
    }

    /// <summary>The link that makes them one already.</summary>
    async Task<WriteResult> Existing(Request request, Guid survivor, Guid merged)
    {
        var (customer, _) = await store.Read(Customer.Of(survivor), request.Cancelled);
        if (customer.GroupOf(survivor).Between(survivor, merged) is not { } link)
            throw new RuleViolationException("already-linked", "They are one already, by way of others in their group.", "mergedId");
        // One that is to be looked at again has been.
        await store.Write(
            request,
            Candidate.Of(Candidate.IdOf(survivor, merged)),
            c => c.Status == CandidateStatus.Open ? [new MatchConfirmed(link.MergeId, request.Now)] : []
        );
        request.Concerns(link.MergeId);
        return new(link.MergeId, (await store.Read(Merge.Of(link.MergeId), request.Cancelled)).Version, []);
    }

    /// <summary>The one of two who was registered first.</summary>
    public async Task<Guid> Elder(Guid one, Guid other, CancellationToken ct)
    {
        var (first, second) = ((await store.Read(Customer.Of(one), ct)).State, (await store.Read(Customer.Of(other), ct)).State);
        return (first.RegisteredAt, one).CompareTo((second.RegisteredAt, other)) <= 0 ? one : other;
    }
}
