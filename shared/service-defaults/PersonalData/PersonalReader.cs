using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What an answer says of the personal text that it could hold.</summary>
public enum PersonalShown
{
    Shown,

    /// <summary>The caller's token lacks <see cref="Permissions.PersonalRead"/>.</summary>
    Withheld,

    /// <summary>The person was forgotten: nobody can see it any more.</summary>
    Forgotten,
}

/// <summary>The caller as a reader of personal text. Endpoints take it as a parameter.</summary>
public sealed class PersonalReader(IHttpContextAccessor accessor, PersonalReads reads)
{
    HttpContext Http => accessor.HttpContext!;

    public bool May => Http.User.May(Permissions.PersonalRead);

    public PersonalShown Of(bool forgotten) =>
        forgotten ? PersonalShown.Forgotten
        : May ? PersonalShown.Shown
        : PersonalShown.Withheld;

    /// <exception cref="ForbiddenException">The caller may not see personal text, so may not ask by it.</exception>
    public void Require()
    {
        if (!May)
            throw new ForbiddenException(Permissions.PersonalRead);
    }

    /// <summary>
    /// Records that the answer shows personal text of these people. Call it before the answer is given: it waits only while more reads wait
    /// to be written than fit into memory.
    /// </summary>
    public async ValueTask Read(params IReadOnlyCollection<Guid> customers)
    {
        if (customers.Count == 0)
            return;
        // The answer contains personal text: no cache may store it.
        Http.Response.Headers.CacheControl = "no-store";
        await reads.Note(Http, customers);
    }
}
