namespace CrmPlatform.Loyalty.Rewards;

/// <summary>What is in this folder: the catalogue, orders and their codes.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<Reward, IRewardEvent>("reward", snapshots: 1);
        service.Aggregate<Allowance, IAllowanceEvent>("reward_member");
        service.Aggregate<RewardOrder, IRewardOrderEvent>("reward_order");
        service.Inline<RewardView>();
        service.Inline<OrderView>();
        service.Due<LapseReservations>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        CreateReward.Map(app);
        ChangeReward.Map(app);
        RestockReward.Map(app);
        PublishReward.Map(app);
        WithdrawReward.Map(app);
        GetRewards.Map(app);
        ReserveReward.Map(app);
        ConfirmOrder.Map(app);
        FulfilOrder.Map(app);
        CancelOrder.Map(app);
        CancelRedemption.Map(app);
        GetOrders.Map(app);
        UseCoupon.Map(app);
        GetCoupon.Map(app);
    }
}
