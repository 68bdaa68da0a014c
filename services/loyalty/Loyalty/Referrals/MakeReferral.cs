using System.ComponentModel.DataAnnotations;
using CrmPlatform.Loyalty.Accounts;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>
/// A member was brought by another, who is named by their code or by their id. Once for each referee; the same again changes nothing.
/// </summary>
/// <param name="RefereeId">The member who was brought.</param>
/// <param name="ReferrerId">The member who brought them; or code.</param>
/// <param name="Code">The code of the member who brought them; or referrerId.</param>
public sealed record MakeReferral(Guid RefereeId, Guid? ReferrerId = null, [property: StringLength(40)] string? Code = null)
{
    // Who brought whom, up to the member whom nobody brought.
    const string Chain = """
        with recursive up (member, step) as (
            select @referrer::uuid, 0 union all select r.referrer_id, up.step + 1 from up join referral r on r.referee_id = up.member)
        select member from up order by step
        """;

    /// <param name="above">The referrer, who brought them, and so on.</param>
    /// <param name="same">Other customers who are one person with the referee.</param>
    public IReferralEvent[] Decide(
        ReferralMember referee,
        LoyaltyAccount buyer,
        LoyaltyAccount bringer,
        IReadOnlyList<Guid> above,
        ReferralRules rules,
        Business business,
        DateTimeOffset now,
        IReadOnlyList<Guid>? same = null
    )
    {
        var referrer = above[0];
        if (referrer == RefereeId || same?.Contains(referrer) == true)
            throw new RuleViolationException("self-referral", "nobody refers themselves", "refereeId");
        if (!buyer.IsOpen || buyer.IsForgotten)
            throw new NotFoundException("account", RefereeId);
        if (!bringer.IsOpen || bringer.IsForgotten)
            throw new NotFoundException("account", referrer);
        if (referee.Made?.ReferrerId == referrer)
            return [];
        if (above.Contains(RefereeId) || same?.Intersect(above).Any() == true)
            throw new RuleViolationException(
                "referral-loop",
                "the referrer was brought by the referee, or by somebody whom they brought",
                "refereeId"
            );
        if (referee.Made is not null)
            throw new RuleViolationException("already-referred", "somebody else has brought this member", "refereeId");
        if (rules.NewCustomersOnly && buyer.PurchaseCount > 0)
            throw new RuleViolationException("not-a-new-customer", "the member has bought before", "refereeId");
        return [new ReferralMade(RefereeId, referrer, buyer.PurchaseCount, rules.LapsesAt(now, business), now)];
    }

    /// <summary>
    /// Writes to the referee and to the root of the referrer's tree. Who is in a tree never changes, so only the root can become the
    /// referee of another at the same moment; it is written, so one of the two comes second and sees the other.
    /// </summary>
    /// <exception cref="TreeChanged">The root has been brought by somebody meanwhile.</exception>
    public Write Of(
        IReadOnlyList<Guid> above,
        ReferralRules rules,
        Business business,
        TimeProvider clock,
        IReadOnlyList<Guid>? same = null
    ) =>
        Write.To(
            ReferralMember.Of(RefereeId),
            LoyaltyAccount.Of(RefereeId),
            LoyaltyAccount.Of(above[0]),
            ReferralMember.Of(above[^1]),
            (referee, buyer, bringer, root) =>
            {
                if (root.State.Made is not null && root.Id != referee.Id)
                    throw new TreeChanged();
                var made = Decide(referee.State, buyer.State, bringer.State, above, rules, business, clock.GetUtcNow(), same);
                referee.Append(made);
                if (made is [ReferralMade m])
                    root.Append(new ReferralTreeGrew(m.RefereeId, m.OccurredAt));
            }
        );

    public static async Task<IReadOnlyList<Guid>> Above(Guid referrer, NpgsqlDataSource db, CancellationToken ct)
    {
        return await db.Query<Guid>(Chain, new { referrer }, ct);
    }

    public async Task<WriteResult> Make(
        Request request,
        EventStore store,
        NpgsqlDataSource db,
        ReferralRules rules,
        Business business,
        TimeProvider clock
    )
    {
        if (RefereeId == Guid.Empty)
            throw new BadRequestException("refereeId", "a customer's id");
        if (ReferrerId is null == Code is null)
            throw new BadRequestException("referrerId", "given where code is not, and the other way around");
        var referrer = ReferrerId ?? await Find(Code!, db, request.Cancelled);
        var same = (await CustomerGroups.Of(db, RefereeId, request.Cancelled)).OthersThan(RefereeId);
        while (true)
            try
            {
                return await store.Write(request, Of(await Above(referrer, db, request.Cancelled), rules, business, clock, same));
            }
            catch (TreeChanged)
            {
                continue;
            } // asked again, of the tree as it is now
    }

    static async Task<Guid> Find(string typed, NpgsqlDataSource db, CancellationToken ct)
    {
        var code =
            ReferralCode.Read(typed)
            ?? throw new RuleViolationException(
                "referral-code-mistyped",
                "No code reads like this: a character is wrong, missing or in the wrong place.",
                "code"
            );
        return await db.QuerySingleOrDefault<Guid?>("select customer_id from referral_code where code = @code", new { code }, ct)
            ?? throw new RuleViolationException("referral-code-unknown", "No member has this code.", "code");
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "referrals",
                "Tell who brought a new customer",
                "loyalty.referrals.write",
                async (
                    MakeReferral command,
                    Request request,
                    EventStore store,
                    NpgsqlDataSource db,
                    ReferralRules rules,
                    LoyaltyRules loyalty,
                    TimeProvider clock
                ) =>
                {
                    request.Creates(ReferralMember.IdOf(command.RefereeId), $"/api/loyalty/referrals?refereeId={command.RefereeId}");
                    return request.Done(await ReferralMetrics.Made(() => command.Make(request, store, db, rules, loyalty.Business, clock)));
                }
            )
            .ProducesProblem(404)
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(
                "self-referral",
                "referral-loop",
                "already-referred",
                "not-a-new-customer",
                "referral-code-mistyped",
                "referral-code-unknown"
            );

    /// <summary>Look again who is above the referrer.</summary>
    sealed class TreeChanged : Exception;
}
