namespace CrmPlatform.Loyalty.Care;

/// <summary>What is in this folder: greetings on birthdays, anniversaries and festivals.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CustomerCare, ICareEvent>("care");
        room.Inline<CareNextView>();
        room.Subscribe<CareMetrics>();
        room.Subscribe<PlanGreetings>();
        room.Due<DecideCare>();

        room.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        room.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        room.On<Contracts.BirthdayNoted, OnBirthdayNoted>();
        room.On<Contracts.ProfileChanged, OnProfileChanged>();
        room.On<Contracts.ConsentChanged, OnConsentChanged>();
        room.On<Contracts.TicketOpened, OnTicketOpened>();
        room.On<Contracts.TicketResolved, OnTicketResolved>();
        room.On<Contracts.TicketReopened, OnTicketReopened>();
        room.On<Contracts.TicketClosed, OnTicketClosed>();
        room.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

        GetCarePlan.Map(room);
        GetCareHistory.Map(room);
        GetUpcomingCare.Map(room);
    }
}
