using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>Facts and what is made of them, without a database.</summary>
static class Assessed
{
    public static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Guid Customer = Guid.CreateVersion7();

    public static PersonalDetails Details(Profile profile, params Contact[] contacts) => At(profile, [], contacts);

    public static PersonalDetails At(Profile profile, Address[] addresses, params Contact[] contacts) =>
        profile.Details(CustomerKind.Individual, contacts, addresses, Now, "CN");

    public static CustomerRegistered Registered(PersonalDetails details, CustomerKind kind = CustomerKind.Individual) =>
        new(kind, "shop", [], Personal.Of(Customer, details), Now.AddDays(-300));

    public static ProfileRevised Revised(PersonalDetails details) =>
        new(CustomerKind.Individual, Personal.Of(Customer, details), Now.AddDays(-30));

    public static ConsentGiven Consent() => new("marketing", "email", "1", Now.AddDays(-100));

    public static RecordedEvent Fact(ICustomerEvent fact, long version) =>
        new(
            Sequence: version,
            Id: Guid.CreateVersion7(),
            StreamId: Customer,
            Version: version,
            Data: fact,
            RecordedAt: Now,
            Metadata: new()
        );

    public static Assessment After(params ICustomerEvent[] facts) => After([.. facts.Select((f, i) => Fact(f, i + 1))]);

    public static Assessment After(params RecordedEvent[] facts) =>
        facts.Aggregate((Assessment?)null, (before, e) => Assessment.After(before, e, "CN"))!;
}
