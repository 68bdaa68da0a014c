using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Households;

/// <summary>
/// Points go from one member of a household to another: those that expire first, lot by lot, each with the date on which it was earned and
/// the one on which it expires. They do not count for the receiver's tier, no activity prolongs them, and the transfer itself is none.
/// </summary>
/// <param name="Points">How many points; they must be available.</param>
/// <param name="ToCustomerId">The member who receives them, of the same household.</param>
public sealed partial record TransferPoints([property: Range(1, LoyaltyRules.MostPoints)] long Points, Guid ToCustomerId)
{
    /// <summary>What a transfer says to each of the two accounts.</summary>
    public sealed record Decision(IAccountEvent[] Sender, IAccountEvent[] Receiver);

    public Decision Decide(
        Guid id,
        Guid from,
        LoyaltyAccount sender,
        Belonging senders,
        LoyaltyAccount receiver,
        Belonging receivers,
        HouseholdRules limits,
        LoyaltyRules rules,
        DateTimeOffset now
    )
    {
        if (!sender.IsOpen)
            throw new NotFoundException("account", from);
        if (sender.Transfers.ContainsKey(id))
            return new([], []);
        sender = sender.Remembered();
        if (!receiver.IsOpen)
            throw new NotFoundException("account", ToCustomerId);
        if (receiver.IsForgotten)
            throw new RuleViolationException("customer-forgotten", "the receiving account's holder was forgotten", "toCustomerId");
        if (senders.HouseholdId is not { } household || receivers.HouseholdId != household)
            throw new RuleViolationException("not-in-one-household", "points go from one member of a household to another", "toCustomerId");
        var today = rules.Business.DayOf(now);
        if (Days(senders.Since) < limits.MinDaysInHousehold || Days(receivers.Since) < limits.MinDaysInHousehold)
            throw new RuleViolationException(
                "too-new-in-household",
                $"both have been in the household for {limits.MinDaysInHousehold} days"
            );
        if (Points > limits.MostPerTransfer)
            throw new RuleViolationException("most-per-transfer", $"{limits.MostPerTransfer} points at once at most", "points");
        if (Sent(day => day == today) + Points > limits.MostPerDay)
            throw new RuleViolationException("most-per-day", $"a member sends {limits.MostPerDay} points in a day at most", "points");
        if (Sent(day => (day.Year, day.Month) == (today.Year, today.Month)) + Points > limits.MostPerMonth)
            throw new RuleViolationException("most-per-month", $"a member sends {limits.MostPerMonth} points in a month at most", "points");
        var sent = Out(sender, rules, id, ToCustomerId, Points, rules.Business.StartOf(today.AddDays(1 - limits.MinAgeDays)), now);
        // As the transfer found them: just unlocked perhaps, and not yet forgotten by closing the books.
        var found = sender.After(sent.TakeWhile(fact => fact is not PointsTransferredOut)).Lots;
        var lots = sent.OfType<PointsTransferredOut>()
            .Single()
            .From.Select(a => new TransferredLot(
                Lot.IdOf(id, a.LotId.ToString()),
                a.Points,
                a.Points,
                found[a.LotId].EarnedAt,
                found[a.LotId].ExpiresAt
            ));
        return new(sent, In(receiver, rules, id, from, [.. lots], now));

        int Days(DateTimeOffset since) => today.DayNumber - rules.Business.DayOf(since).DayNumber;

        long Sent(Func<DateOnly, bool> when) =>
            -sender.Transfers.Values.Where(t => t.Points < 0 && when(rules.Business.DayOf(t.At))).Sum(t => t.Points);
    }

    /// <summary>Both members and their households, in one transaction.</summary>
    public Write Of(Guid id, Guid from, HouseholdRules limits, LoyaltyRules rules, TimeProvider clock)
    {
        if (from == ToCustomerId)
            throw new RuleViolationException("not-in-one-household", "points go from one member of a household to another", "toCustomerId");
        return Write.To(
            LoyaltyAccount.Of(from),
            LoyaltyAccount.Of(ToCustomerId),
            Belonging.Of(from),
            Belonging.Of(ToCustomerId),
            (sender, receiver, senders, receivers) =>
            {
                var decided = Decide(
                    id,
                    from,
                    sender.State,
                    senders.State,
                    receiver.State,
                    receivers.State,
                    limits,
                    rules,
                    clock.GetUtcNow()
                );
                sender.Append(decided.Sender);
                receiver.Append(decided.Receiver);
            }
        );
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "accounts/{customerId:guid}/transfers",
                "Give points to a member of the same household",
                "loyalty.points.transfer",
                async (
                    Guid customerId,
                    TransferPoints command,
                    Request request,
                    EventStore store,
                    HouseholdRules limits,
                    LoyaltyRules rules,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    request.Creates(request.NewId, $"/api/loyalty/accounts/{customerId}/statement?kind=transferred");
                    return request.Done(
                        await TransferMetrics.Counted(
                            command.Points,
                            () => store.Write(request, command.Of(request.NewId, customerId, limits, rules, clock))
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Refuses(
                "customer-forgotten",
                "not-in-one-household",
                "too-new-in-household",
                "most-per-transfer",
                "most-per-day",
                "most-per-month",
                "insufficient-points"
            );
}
