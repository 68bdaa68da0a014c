namespace CrmPlatform.Customers.Profiles;

/// <summary>A contact or an address was shown to be the customer's.</summary>
/// <param name="Field">The kind of the contact, or <c>address</c>.</param>
/// <param name="Places">Which of the profile's contacts, or of its addresses, from 0.</param>
/// <param name="Personal">The contact, or what the address is for.</param>
public sealed record FieldVerified(
    string Field,
    IReadOnlyList<int> Places,
    Personal<VerifiedValue>? Personal,
    VerificationMethod Method,
    DateTimeOffset OccurredAt
) : IQualityFact, IHasPersonal
{
    IPersonal? IHasPersonal.PersonalPart => Personal;

    public static FieldVerified Of(
        Guid customer,
        string field,
        IReadOnlyList<int> places,
        string value,
        VerificationMethod method,
        DateTimeOffset at
    ) => new(field, places, ServiceDefaults.Personal.Of(customer, new VerifiedValue(value)), method, at);
}

/// <summary>The value that was verified, as it is stored.</summary>
public sealed record VerifiedValue(string Value);

/// <summary>How it was shown.</summary>
public enum VerificationMethod
{
    Sms,
    Email,
    Document,
    Call,

    /// <summary>The system that registered the customer said so when it told the registration again.</summary>
    Source,
}
