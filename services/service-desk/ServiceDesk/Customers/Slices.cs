namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>Registers this folder: what other rooms report about a customer.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CustomerStanding, IStandingEvent>("customer_standing");
        room.Services.AddScoped<Registered>();
        room.Inline<Standings>();
        room.Async<TierLadder>();

        room.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        room.On<Contracts.TierChanged, OnTierChanged>();
        room.On<Contracts.GradeChanged, OnGradeChanged>();
        room.On<Contracts.SegmentEntered, OnSegmentEntered>();
        room.On<Contracts.SegmentLeft, OnSegmentLeft>();
        room.On<Contracts.CustomerForgotten, OnCustomerForgotten>();
    }
}
