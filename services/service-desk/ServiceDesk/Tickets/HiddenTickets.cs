using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>
/// What is hidden from the caller: complaints about themselves, and what was answered to a survey about these. Figures count them all the
/// same.
/// </summary>
public sealed class HiddenTickets(IHttpContextAccessor accessor, NpgsqlDataSource db)
{
    const string Sql = """
        with hidden as (select ticket_id from ticket_list where about_agent = @caller)
        select ticket_id from hidden union all select invitation_id from invitations join hidden using (ticket_id)
        """;

    /// <summary>Ids of tickets and of invitations; mostly none.</summary>
    public async Task<Guid[]> Ids(CancellationToken ct) =>
        accessor.HttpContext?.User.Subject() is { } caller ? [.. await db.Query<Guid>(Sql, new { caller }, ct)] : [];

    public async Task<bool> Contains(Guid id, CancellationToken ct) => (await Ids(ct)).Contains(id);
}
