namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// What kind of person or company it is. Sealed with the rest of the profile; the coarse part of it is told to other contexts.
/// </summary>
/// <param name="Gender"><c>female</c>, <c>male</c>, <c>other</c> or <c>undisclosed</c>.</param>
/// <param name="AgeBand">Such as <c>25-34</c>; computed for the day that is shown where the birth date is known.</param>
/// <param name="IncomeBand">In the words of the system that wrote it.</param>
/// <param name="HouseholdSize">How many people live in the household, 1 to 100.</param>
/// <param name="MaritalStatus">In the words of the system that wrote it.</param>
/// <param name="Language">The language that the customer prefers, as a BCP 47 tag: <c>zh-CN</c>.</param>
/// <param name="Province">Province or state.</param>
/// <param name="City">City.</param>
/// <param name="Industry">Industry of an enterprise, in the words of the system that wrote it.</param>
/// <param name="CompanySize">Size of an enterprise, in the words of the system that wrote it: <c>50-99</c>.</param>
public sealed record Demographics(
    string? Gender = null,
    string? AgeBand = null,
    string? IncomeBand = null,
    int? HouseholdSize = null,
    string? MaritalStatus = null,
    string? Language = null,
    string? Province = null,
    string? City = null,
    string? Industry = null,
    string? CompanySize = null
);

/// <summary>What names the person or reaches them, and what they think: sealed with the person's key.</summary>
/// <param name="Demographics">What kind of person or company it is.</param>
/// <param name="Name">The person's or company's name.</param>
/// <param name="BirthDate">Date of birth.</param>
/// <param name="Contacts">How to reach them.</param>
/// <param name="Addresses">Where they are.</param>
/// <param name="Psychographics">What they care for.</param>
/// <param name="Preferences">What they prefer, in the business's words: by name.</param>
/// <param name="ContactPersons">Who speaks for an enterprise.</param>
/// <param name="Birthday">Month and day, like <c>--02-29</c>, where the year of birth is not known.</param>
public sealed record PersonalDetails(
    Demographics Demographics,
    string? Name,
    DateOnly? BirthDate,
    IReadOnlyList<Contact> Contacts,
    IReadOnlyList<Address> Addresses,
    Psychographics? Psychographics,
    IReadOnlyDictionary<string, string> Preferences,
    IReadOnlyList<ContactPerson> ContactPersons,
    string? Birthday = null
);

/// <summary>A way to reach the customer.</summary>
/// <param name="Kind"><c>phone</c>, <c>email</c>, <c>wechat</c> or <c>idNumber</c> (identity number).</param>
/// <param name="Value">The number or address; a phone number is stored with its country code, <c>+8613812345678</c>.</param>
/// <param name="VerifiedAt">When it was last shown to be theirs; null if it never was. Who gives it says when they verified it.</param>
public sealed record Contact(string Kind, string Value, DateTimeOffset? VerifiedAt = null);

/// <summary>Where the customer is.</summary>
/// <param name="Kind">What the address is for: <c>home</c>, <c>delivery</c>.</param>
/// <param name="Country">Country, best as an ISO 3166 code: <c>CN</c>.</param>
/// <param name="Province">Province or state.</param>
/// <param name="City">City.</param>
/// <param name="District">District of the city.</param>
/// <param name="Street">Street and number.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="VerifiedAt">When it was last shown to be theirs; null if it never was. Who gives it says when they verified it.</param>
public sealed record Address(
    string Kind,
    string? Country = null,
    string? Province = null,
    string? City = null,
    string? District = null,
    string? Street = null,
    string? PostalCode = null,
    DateTimeOffset? VerifiedAt = null
);

/// <summary>What the customer cares for.</summary>
/// <param name="Interests">What interests them: <c>tea</c>.</param>
/// <param name="Values">What matters to them: <c>sustainability</c>.</param>
/// <param name="Lifestyle">How they live, in the business's words.</param>
public sealed record Psychographics(
    IReadOnlyList<string>? Interests = null,
    IReadOnlyList<string>? Values = null,
    string? Lifestyle = null
);

/// <summary>Somebody who speaks for a company. Role: decider, champion, influencer, user, blocker.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Role"><c>decider</c>, <c>champion</c>, <c>influencer</c>, <c>user</c> or <c>blocker</c>.</param>
/// <param name="Phone">Their phone number.</param>
/// <param name="Email">Their e-mail address.</param>
public sealed record ContactPerson(string Name, string Role, string? Phone = null, string? Email = null);
