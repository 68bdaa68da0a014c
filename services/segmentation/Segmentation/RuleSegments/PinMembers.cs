using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>
/// Puts customers into a segment or keeps them out, whatever its rule says. All of them, or none; the same again changes nothing.
/// </summary>
/// <param name="Customers">Ids of customers, at most 1,000.</param>
/// <param name="In">True puts them in, false keeps them out; null lets the rule decide again.</param>
/// <param name="Reason">Why, as a code of your own: <c>vip-list</c>.</param>
/// <param name="Until">The rule decides again from this instant on; never if left out.</param>
public sealed record PinMembers(
    [property: Required, Length(1, 1_000)] IReadOnlyList<Guid> Customers,
    bool? In,
    [property: Required, Code] string Reason,
    DateTimeOffset? Until = null
)
{
    /// <exception cref="RuleViolationException"><c>customer-unknown</c>.</exception>
    public ICustomerEvent[] Decide(CustomerValue customer, string code, int index, DateTimeOffset now)
    {
        if (customer.Stage is null || customer.Forgotten)
            throw new RuleViolationException("customer-unknown", "This room knows no such customer.", $"customers[{index}]");
        if (In is not { } inside)
            return Unpin(customer, code, now);
        var until = Until?.ToUniversalTime();
        return customer.PinAt(code, now) is { } pin && (pin.In, pin.Reason, pin.Until) == (inside, Reason, until)
            ? []
            : [new MemberPinned(code, inside, Reason, until, now)];
    }

    static ICustomerEvent[] Unpin(CustomerValue customer, string code, DateTimeOffset now) =>
        customer.PinAt(code, now) is null ? [] : [new MemberUnpinned(code, now)];

    /// <param name="groups">Who is one with whom: the survivor is pinned, and no pin of another member stands beside that.</param>
    Write Pin(string code, IReadOnlyDictionary<Guid, CustomerGroup> groups, DateTimeOffset now)
    {
        var named = new Dictionary<Guid, int>();
        for (var i = 0; i < Customers.Count; i++)
            named.TryAdd(groups[Customers[i]].SurvivorId, i);
        var first = groups[Customers[0]].SurvivorId;
        var others = Customers.SelectMany(id => groups[id].Members.Append(groups[id].SurvivorId)).Distinct().Where(id => id != first);
        return Write.To(
            CustomerValue.Of(first),
            [.. others.Select(CustomerValue.Of)],
            (one, all) =>
            {
                one.Append(Decide(one.State, code, 0, now));
                foreach (var other in all)
                    if (named.TryGetValue(other.Id, out var place))
                        other.Append(Decide(other.State, code, place, now));
                    else if (!other.State.Forgotten)
                        other.Append(Unpin(other.State, code, now));
            }
        );
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "rule-segments/{code}/pins",
                "Pin customers in or out of a rule segment, or unpin them",
                "segmentation.segments.pin",
                async (
                    [Code] string code,
                    PinMembers command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var (segment, _) = await store.Read(SegmentDefinition.Of(code), ct);
                    if (segment.Existing(code).Status == SegmentStatus.Withdrawn)
                        throw new RuleViolationException("segment-withdrawn", $"The segment '{code}' was withdrawn.", "code");
                    if (command.Until <= request.Now)
                        throw new RuleViolationException("until-passed", "A pin ends after now.", "until");
                    var groups = await CustomerGroups.Of(db, [.. command.Customers], ct);
                    return request.Done(await store.Write(request, command.Pin(code, groups, request.Now)));
                }
            )
            .Refuses("customer-unknown", "segment-withdrawn", "until-passed");
}
