namespace CrmPlatform.Segmentation.Facts;

/// <summary>What is in this folder: what other rooms tell of customers that rules may ask about.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.On<Contracts.ProfileChanged, OnProfileChanged>();
        room.On<Contracts.ConsentChanged, OnConsentChanged>();
        room.On<Contracts.PageViewed, OnPageViewed>();
        room.On<Contracts.InteractionRecorded, OnInteractionRecorded>();
        room.On<Contracts.TicketOpened, OnTicketOpened>();
        room.On<Contracts.TicketResolved, OnTicketResolved>();
        room.On<Contracts.TicketClosed, OnTicketClosed>();
        room.On<Contracts.TicketReopened, OnTicketReopened>();
        room.On<Contracts.SlaBreached, OnSlaBreached>();
        room.On<Contracts.BreachExcused, OnBreachExcused>();
        room.On<Contracts.SurveyAnswered, OnSurveyAnswered>();
        room.On<Contracts.TierChanged, OnTierChanged>();
        room.On<Contracts.PointsRedeemed, OnPointsRedeemed>();
        room.On<Contracts.CouponUsed, OnCouponUsed>();
        room.On<Contracts.ActivityAttended, OnActivityAttended>();
    }
}
