using System.ComponentModel;
using CrmPlatform.Loyalty.Rewards;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>Who brought whom.</summary>
/// <param name="RefereeId">The member who was brought.</param>
/// <param name="ReferrerId">The member who brought them.</param>
/// <param name="Status"><c>waiting</c>; <c>rewarded</c>; <c>withheld</c> (it was good and is not rewarded) or <c>ended</c>, with the
/// reason.</param>
/// <param name="Reason">Why it was withheld or ended, as a code; null otherwise.</param>
/// <param name="MadeAt">When it was told.</param>
/// <param name="PurchaseId">The purchase that makes it good, if it is kept until <paramref name="QualifiesAt"/>.</param>
/// <param name="QualifiesAt">When the return window of that purchase ends.</param>
/// <param name="DecidedAt">When it was rewarded, withheld or ended; null while it waits.</param>
/// <param name="ReferrerPoints">Points for who brought; null unless it was rewarded.</param>
/// <param name="RefereePoints">Points for who was brought; null unless it was rewarded.</param>
public sealed record ReferralShown(
    Guid RefereeId,
    Guid ReferrerId,
    ReferralStatus Status,
    string? Reason,
    DateTimeOffset MadeAt,
    Guid? PurchaseId,
    DateTimeOffset? QualifiesAt,
    DateTimeOffset? DecidedAt,
    long? ReferrerPoints,
    long? RefereePoints
);

/// <summary>Referrals page by page in the order of the referees' ids: of a referrer, of a referee, of a status, or all.</summary>
public static class GetReferrals
{
    const string Sql = """
        select referee_id, referrer_id, status, reason, made_at, purchase_id, qualifies_at, decided_at, referrer_points, referee_points
        from referral
        where (@referrers::uuid[] is null or referrer_id = any(@referrers)) and (@referees::uuid[] is null or referee_id = any(@referees))
            and (@status::text is null or status = @status)
            and (@after::uuid is null or referee_id > @after)
        order by referee_id limit @take
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "referrals",
            "Who brought whom, and what became of it",
            "loyalty.read",
            async (
                [Description("Only those whom this member brought.")] Guid? referrerId,
                [Description("Only who brought this member.")] Guid? refereeId,
                [Description("Only waiting, rewarded, withheld or ended ones.")] string? status,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                var wanted = Choice.Of<ReferralStatus>("status", status, but: ReferralStatus.None);
                Guid? cursor =
                    after is null ? null
                    : Guid.TryParse(after, out var id) ? id
                    : throw new BadRequestException("after", "a cursor from a page's next");
                var size = PageLimit.Of(limit);
                var found = await db.Query<Row>(
                    Sql,
                    new
                    {
                        referrers = referrerId is { } bringer ? (await CustomerGroups.Of(db, bringer, ct)).Members.ToArray() : null,
                        referees = refereeId is { } brought ? (await CustomerGroups.Of(db, brought, ct)).Members.ToArray() : null,
                        status = wanted?.ToString(),
                        after = cursor,
                        take = size + 1,
                    },
                    ct
                );
                return Page.Of(
                    found,
                    size,
                    r => new ReferralShown(
                        RefereeId: r.RefereeId,
                        ReferrerId: r.ReferrerId,
                        Status: Enum.Parse<ReferralStatus>(r.Status),
                        Reason: r.Reason,
                        MadeAt: r.MadeAt,
                        PurchaseId: r.PurchaseId,
                        QualifiesAt: r.QualifiesAt,
                        DecidedAt: r.DecidedAt,
                        ReferrerPoints: r.ReferrerPoints,
                        RefereePoints: r.RefereePoints
                    ),
                    r => r.RefereeId.ToString()
                );
            }
        );

    sealed record Row(
        Guid RefereeId,
        Guid ReferrerId,
        string Status,
        string? Reason,
        DateTimeOffset MadeAt,
        Guid? PurchaseId,
        DateTimeOffset? QualifiesAt,
        DateTimeOffset? DecidedAt,
        long? ReferrerPoints,
        long? RefereePoints
    );
}
