namespace CrmPlatform.Loyalty.Care;

/// <summary>What is in this folder: greetings on birthdays, anniversaries and festivals.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Aggregate<CustomerCare, ICareEvent>("care");
        service.Inline<CareNextView>();
        service.Subscribe<CareMetrics>();
        service.Due<DecideCare>();

        service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
        service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
        service.On<Contracts.BirthdayNoted, OnBirthdayNoted>();
        service.On<Contracts.ProfileChanged, OnProfileChanged>();
        service.On<Contracts.ConsentChanged, OnConsentChanged>();
        service.On<Contracts.TicketOpened, OnTicketOpened>();
        service.On<Contracts.TicketResolved, OnTicketResolved>();
        service.On<Contracts.TicketReopened, OnTicketReopened>();
        service.On<Contracts.TicketClosed, OnTicketClosed>();
        service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        GetCarePlan.Map(app);
        GetCareHistory.Map(app);
        GetUpcomingCare.Map(app);
    }
}
