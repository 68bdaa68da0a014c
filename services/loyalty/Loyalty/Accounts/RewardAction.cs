using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Accounts;

/// <summary>A member did something that the rules may reward: <c>review</c>, <c>app-installed</c>. Each reference counts once.</summary>
/// <param name="Action">What was done, as the rules call it: <c>review</c>.</param>
/// <param name="Reference">What was done, in the words of the system that saw it: the id of the review.</param>
/// <param name="OccurredAt">When it was done: now if left out, not in the future. A clock that runs ahead by up to five minutes means
/// now.</param>
public sealed record RewardAction(
    [property: Required, Code(64)] string Action,
    [property: Required, RegularExpression("^[A-Za-z0-9._:-]{1,100}$", ErrorMessage = "Reference is 1 to 100 letters, digits and . _ : -")]
        string Reference,
    DateTimeOffset? OccurredAt = null
)
{
    public Guid IdFor(Guid customerId) => NameId.For("action", customerId.ToString(), Action, Reference);

    public static IAccountEvent[] Decide(LoyaltyAccount account, LoyaltyRules rules, Occasion occasion)
    {
        if (
            !account.IsOpen
            || account.IsForgotten
            || account.Actions.ContainsKey(occasion.SourceId)
            || occasion.At < account.BooksClosedBefore
        )
            return [];
        var ledger = new Ledger(account, rules).Pass(occasion.At);
        var set = rules.RuleAt(occasion.At);
        var awards = set?.Awards(occasion, ledger.Account, rules.Business) ?? [];
        return ledger
            .Note(new ActionCounted(occasion.SourceId, occasion.On, occasion.At))
            .Award(occasion, set?.Version ?? 0, awards)
            .CloseBooks(occasion.At)
            .Facts;
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/actions",
                "Tell of an action that the rules may reward",
                "loyalty.actions.write",
                async (Guid customerId, RewardAction command, Request request, EventStore store, LoyaltyRules rules) =>
                {
                    var (now, id) = (request.Now, command.IdFor(customerId));
                    if (Occasion.IsReserved(command.Action))
                        throw new RuleViolationException(
                            "reserved-action",
                            $"{command.Action} is told by the platform itself, which checks what it is given for",
                            "action"
                        );
                    var at = Clocks.Told(command.OccurredAt, now);
                    return request.Done(
                        await store.Write(
                            request.Concerns(id),
                            LoyaltyAccount.Of(customerId),
                            account => Decide(account.Opened(customerId).Remembered(), rules, new(command.Action, id, at))
                        )
                    );
                }
            )
            .Refuses("reserved-action", "customer-forgotten", "too-many-points", "in-the-future");
}
