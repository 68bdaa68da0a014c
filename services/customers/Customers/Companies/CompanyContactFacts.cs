namespace CrmPlatform.Customers.Companies;

public interface ICompanyContactEvent;

/// <param name="Basis">Why the person's data may be used: consent or contract; null where the contact is no customer.</param>
public sealed record ContactAdded(
    Guid CompanyId,
    Guid? PersonId,
    string? Basis,
    string? Source,
    string? Reference,
    string? Department,
    Personal<ContactCard> Personal,
    DateTimeOffset From,
    DateTimeOffset OccurredAt
) : ICompanyContactEvent, IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

public sealed record ContactRevised(string? Department, Personal<ContactCard> Personal, DateTimeOffset OccurredAt)
    : ICompanyContactEvent,
        IHasPersonal
{
    IPersonal IHasPersonal.PersonalPart => Personal;
}

public sealed record ContactLeft(DateTimeOffset At, DateTimeOffset OccurredAt) : ICompanyContactEvent;

public sealed record ContactReturned(DateTimeOffset At, DateTimeOffset OccurredAt) : ICompanyContactEvent;

public sealed record RoleGiven(BuyingRole Role, string Scope, int Strength, DateTimeOffset From, DateTimeOffset OccurredAt)
    : ICompanyContactEvent;

public sealed record RoleEnded(BuyingRole Role, string Scope, DateTimeOffset Until, DateTimeOffset OccurredAt) : ICompanyContactEvent;

public sealed record ContactForgotten(Guid ContactId, DateTimeOffset OccurredAt) : ICompanyContactEvent, IErasesPerson
{
    Guid IErasesPerson.Person => ContactId;
}
