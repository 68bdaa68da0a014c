namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What is in this folder: the catalogue, orders and their codes.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Reward, IRewardEvent>("reward", snapshots: 1);
        room.Aggregate<Allowance, IAllowanceEvent>("reward_member");
        room.Aggregate<RewardOrder, IRewardOrderEvent>("reward_order");
        room.Inline<RewardView>();
        room.Inline<OrderView>();
        room.Due<LapseReservations>();

        CreateReward.Map(room);
        ChangeReward.Map(room);
        RestockReward.Map(room);
        PublishReward.Map(room);
        WithdrawReward.Map(room);
        GetRewards.Map(room);
        ReserveReward.Map(room);
        ConfirmOrder.Map(room);
        FulfilOrder.Map(room);
        CancelOrder.Map(room);
        CancelRedemption.Map(room);
        GetOrders.Map(room);
        UseCoupon.Map(room);
        GetCoupon.Map(room);
    }
}
