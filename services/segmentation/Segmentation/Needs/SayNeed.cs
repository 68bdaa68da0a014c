using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>What somebody says of a need: it holds at once, for all who are one with the customer, until something else is said.</summary>
static class SayNeed
{
    /// <param name="say">What is said, given what was said last; null where that says it already.</param>
    public static async Task<IResult> Write(
        Guid id,
        string code,
        Func<INeedSaid?, INeedSaid?> say,
        Request request,
        NpgsqlDataSource db,
        EventStore store,
        CancellationToken ct
    )
    {
        var group = await CustomerGroups.Of(db, id, ct);
        var survivor = group.SurvivorId;
        var write = EventSourcing.Write.To(
            CustomerValue.Of(id),
            CustomerNeeds.Of(survivor),
            [.. group.OthersThan(id).Select(CustomerValue.Of)],
            (named, needs, others) =>
            {
                if (named.State.Stage is null || named.State.Forgotten)
                    throw new NotFoundException("customer", id);
                var before = others.Where(o => !o.State.Forgotten).Aggregate(named.State.Needs, (all, o) => all.And(o.State.Needs));
                if (say(before.Said.GetValueOrDefault(code)) is not { } said)
                    return;
                named.Append([said]);
                List<(Guid Id, CustomerValue State)> customers = [(id, named.State), .. others.Select(o => (o.Id, o.State))];
                customers.Sort((one, other) => (other.Id == survivor).CompareTo(one.Id == survivor));
                if (NeedDecision.About(survivor, needs.State, customers) is not { } decision)
                    return;
                decision.Settle(request.Now);
                needs.Append(decision.Facts);
            }
        );
        return request.Concerns(id).Done(await store.Write(request, write));
    }
}
