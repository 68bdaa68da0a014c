using System.Text.Json;
using CrmPlatform.Customers.Companies;
using CrmPlatform.EventSourcing;
using CrmPlatform.Testing;

namespace CrmPlatform.Customers.Tests.Companies;

/// <summary>Who a contact is is shown with a permission only, and to nobody once the contact is forgotten.</summary>
[Collection("customers")]
public sealed class ForgottenContactTests(CustomersFixture fixture)
{
    [Fact]
    public async Task a_contact_is_withheld_without_the_permission_and_forgotten_without_the_company()
    {
        var company = await fixture.Company();
        var (gone, stays) = (await fixture.Contact(company, "诸葛忘我"), await fixture.Contact(company, "诸葛留名"));
        await WithheldText.Check(fixture, [company, gone, stays], "诸葛忘我", "诸葛留名");
        (await fixture.Database.Dump()).ShouldNotContain("诸葛");
        await fixture.Post($"{gone}/forget", new { });
        await fixture.Post($"{gone}/forget", new { });
        (await fixture.Get($"contacts/{gone}")).GetProperty("personal").GetString().ShouldBe("forgotten");
        (await fixture.Get($"contacts/{gone}")).GetProperty("card").ValueKind.ShouldBe(JsonValueKind.Null);
        (await fixture.Get($"contacts/{stays}")).GetProperty("card").GetProperty("name").GetString().ShouldBe("诸葛留名");
        (await fixture.Store.FetchStream(gone)).Select(e => e.Data).OfType<ContactAdded>().Single().Personal.Value.ShouldBeNull();

        await fixture.Post($"{company}/forget", new { });
        (await fixture.Store.FetchStream(stays)).Select(e => e.Data).OfType<ContactAdded>().Single().Personal.Value.ShouldBeNull();
        (await fixture.RunDue<ForgetLateContacts>()).ShouldBe(0);
    }

    [Fact]
    public async Task a_contact_who_was_added_while_the_company_was_forgotten_is_forgotten_too()
    {
        var company = await fixture.Company();
        await fixture.Post($"{company}/forget", new { });
        var (id, now) = (Guid.CreateVersion7(), fixture.Clock.GetUtcNow());
        ContactAdded late = new(
            company,
            null,
            null,
            null,
            null,
            null,
            ServiceDefaults.Personal.Of(id, new ContactCard("司徒后来")),
            now,
            now
        );
        await fixture.Store.Execute([Write.To(CompanyContact.Of(id), _ => new ICompanyContactEvent[] { late })]);
        (await fixture.RunDue<ForgetLateContacts>()).ShouldBe(2);
        (await fixture.RunDue<ForgetLateContacts>()).ShouldBe(0);
        (await fixture.Store.FetchStream(id)).Select(e => e.Data).OfType<ContactAdded>().Single().Personal.Value.ShouldBeNull();
    }
}
