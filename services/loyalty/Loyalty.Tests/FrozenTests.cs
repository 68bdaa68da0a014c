namespace CrmPlatform.Loyalty.Tests;

[Collection("loyalty")]
public class FrozenTests(LoyaltyRoom room)
{
    [Fact]
    public void stored_events_keep_their_shapes() => Frozen.Check(room.Store);

    [Fact]
    public void every_public_fact_is_a_contract_of_this_room()
    {
        var at = LoyaltyRoom.Now;
        IAccountEvent[] facts =
        [
            new AccountOpened("Bronze", at),
            new PointsEarned(default, Guid.CreateVersion7(), 1, 0, 1, 1, at, 1, at),
            new PointsImported(default, "x", 1, 0, at, at, null, 1, null, at),
            new PointsUnlocked(default, 1, 0, 1, at, 1, at),
            new PointsAdjusted(default, -1, "x", "tester", null, [], null, 0, null, 0, at),
            new PointsRedeemed(default, 1, "x", [], 0, at),
            new RedemptionCancelled(default, 1, 0, [], 1, at),
            new PointsExpired(default, 1, 0, at),
            new ExpiryCorrected(default, default, 1, 1, at),
            new PointsTransferredOut(default, default, 1, [], at, 0, at),
            new PointsTransferredIn(default, default, 1, 0, [], 1, at),
            new PointsReversed(default, default, default, 1, 1, 1, [], 0, 0, at),
            new TierChanged("Bronze", "Silver", 500, at),
            new TierAssigned("Bronze", "Gold", 0, "press", "tester", null, at),
            new HolderForgotten(at),
        ];
        IAccountEvent[] kept =
        [
            new PurchaseCounted(default, "web", 1, [], at),
            new ActionCounted(default, "review", at),
            new ReturnCounted(default, default, 1, 1, at),
            new ExpiryMoved(at, at),
            new AdjustmentProposed(default, 1, "x", "tester", at),
            new AdjustmentDeclined(default, "tester", at),
            new BooksClosed(at, at),
            new TierKept("Gold", 2000, at, at, at),
            new TierGraceBegun("Gold", 1, at, at),
            new TierReleased(null, null, at),
            new SchemeApplied(2, at),
            new TierRescheduled("Gold", at, at),
            new MemberImported("x", "x", at, null, 1, at),
            new HistoryImported(default, "x", PastKind.Earned, 1, null, 1, at),
        ];
        foreach (var fact in kept)
            LoyaltyFeed.Translate(new RecordedEvent(default, default, 1, 1, fact, EventMetadata.None, at)).ShouldBeNull();
        facts
            .Concat(kept)
            .Select(f => f.GetType())
            .ShouldBe(room.Store.StoredShapes.Values.Where(t => t.IsAssignableTo(typeof(IAccountEvent))), ignoreOrder: true);
        var customer = Guid.CreateVersion7();
        foreach (var fact in facts)
        {
            var outgoing = LoyaltyFeed.Translate(new RecordedEvent(default, customer, 1, 1, fact, EventMetadata.None, at))!;
            (outgoing.Subject, outgoing.OccurredAt).ShouldBe((customer, at));
            Contracts.ContractCatalogue.Of("loyalty", outgoing.Contract.GetType()).Publisher.ShouldBe("loyalty");
        }
    }
}
