namespace CrmPlatform.Segmentation.Customers;

/// <summary>What rules may ask of a person, in the words of the system that wrote it. Sealed with the person's key.</summary>
public sealed record CoarseProfile(
    string Kind,
    string? AgeBand,
    string? Gender,
    string? IncomeBand,
    int? HouseholdSize,
    string? Province,
    string? Language
);

public sealed record ProfileNoted(Guid CustomerId, Personal<CoarseProfile> Personal, DateTimeOffset OccurredAt)
    : ICustomerEvent,
        IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

/// <summary>The key of the person's profile goes with this fact.</summary>
public sealed record ProfileErased(Guid CustomerId, DateTimeOffset OccurredAt) : ICustomerEvent, IErasesPerson
{
    Guid IErasesPerson.Person => CustomerId;
}
