using CrmPlatform.Loyalty.Accounts;

namespace CrmPlatform.Loyalty.Referrals;

/// <summary>A member's code.</summary>
/// <param name="Code">What a new customer tells to say who brought them.</param>
public sealed record ReferralCodeShown(Guid CustomerId, string Code);

/// <summary>
/// A member asks for a code to give to others. There is one, and it stays the same; it goes when the member is forgotten.
/// </summary>
/// <param name="NewCode">Drawn before: the decision may run twice and must say the same.</param>
public sealed record IssueReferralCode(Guid CustomerId, string NewCode)
{
    public IReferralEvent[] Decide(ReferralMember member, LoyaltyAccount account, DateTimeOffset now)
    {
        if (!account.IsOpen || account.IsForgotten)
            throw new NotFoundException("account", CustomerId);
        return member.Code is null ? [new ReferralCodeIssued(CustomerId, NewCode, now)] : [];
    }

    public static void Map(CrmService room)
    {
        const string Code = "accounts/{customerId:guid}/referral-code";
        room.MapPost(
                Code,
                "A code for a member to give to others",
                "loyalty.referrals.write",
                async (Guid customerId, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    var command = new IssueReferralCode(customerId, await Unused(db, ct));
                    request.Creates(ReferralMember.IdOf(customerId), $"/api/loyalty/accounts/{customerId}/referral-code");
                    return request.Done(
                        await store.Write(
                            request,
                            ReferralMember.Of(customerId),
                            LoyaltyAccount.Of(customerId),
                            (member, account) => member.Append(command.Decide(member.State, account.State, request.Now))
                        )
                    );
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>();

        room.MapGet(
                Code,
                "The code of a member",
                "loyalty.read",
                async (Guid customerId, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    return
                        await db.QuerySingleOrDefault<string>(
                            "select code from referral_code where customer_id = @customerId",
                            new { customerId },
                            ct
                        )
                            is { } code
                        ? TypedResults.Ok(new ReferralCodeShown(customerId, code))
                        : (IResult)Answer.NotFound("referral code of", customerId);
                }
            )
            .WithName("GetReferralCode")
            .Produces<ReferralCodeShown>();
    }

    /// <summary>Of a million members one code in sixteen million that are drawn is somebody's already.</summary>
    static async Task<string> Unused(NpgsqlDataSource db, CancellationToken ct)
    {
        while (true)
        {
            var code = ReferralCode.New();
            if (!await db.QuerySingle<bool>("select exists (select from referral_code where code = @code)", new { code }, ct))
                return code;
        }
    }
}
