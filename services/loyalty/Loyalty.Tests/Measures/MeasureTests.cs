using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Loyalty.Referrals;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>A room of its own: its members are all there are.</summary>
public class MeasureTests(LoyaltyRoom room) : IClassFixture<LoyaltyRoom>
{
    [Fact]
    public async Task the_numbers_of_a_small_programme_before_at_and_after_the_instant_of_an_expiry()
    {
        var at = LoyaltyRoom.Now.AddDays(-1_000);
        var (one, two, three) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (first, second, returned) = (
            LoyaltyRoom.Purchase(one, 100, at),
            LoyaltyRoom.Purchase(one, 60, at.AddDays(10)),
            LoyaltyRoom.Purchase(two, 40, at.AddDays(5))
        );
        await room.Hear(
            "customers",
            first,
            second,
            returned,
            LoyaltyRoom.Purchase(two, 30, at.AddDays(6)),
            LoyaltyRoom.Return(returned, 40) with
            {
                OccurredAt = at.AddDays(8),
            },
            new Contracts.CustomerRegistered(three, "individual", null, at.AddDays(2))
        );
        await room.CatchUp();
        var expiry = (await room.Store.FetchStream(one)).Select(e => e.Data).OfType<PointsEarned>().Min(e => e.ExpiresAt);

        var early = await Numbers(at.AddDays(7));
        (early["repeat-rate"], early["repeat-revenue-share"], early["liability"]).ShouldBe(
            ((1, 2, 0.5m), (30, 170, 0.176471m), (170, null, 1.7m)),
            "two bought twice, and nothing has come back yet"
        );
        var later = await Numbers(at.AddDays(10));
        (later["repeat-rate"], later["repeat-revenue-share"], later["active-members"], later["breakage"]).ShouldBe(
            ((1, 2, 0.5m), (60, 190, 0.315789m), (2, 3, 0.666667m), (0, 190, 0))
        );
        (
            later["purchase-frequency"],
            later["purchase-value"],
            later["referral-rate"],
            later["tenure-mean"],
            later["tenure-median"]
        ).ShouldBe(((3, 2, 1.5m), (190, 3, 63.333333m), (0, 3, 0), (23, 3, 7.666667m), (8, 1, 8)));

        foreach (var _ in new[] { "due, and not written down", "written down" })
        {
            (await Numbers(expiry.AddMicroseconds(-1)))["liability"].ShouldBe((190, null, 1.9m));
            var gone = await Numbers(expiry);
            (gone["liability"], gone["breakage"], gone["redemption-rate"]).ShouldBe(
                ((90, null, 0.9m), (100, 190, 0.526316m), (0, 190, 0)),
                "at the instant of expiry the points are gone"
            );
            await room.RunDue<PassTime>();
            await room.CatchUp();
        }

        var nobody = await Numbers(at.AddDays(-1));
        nobody.Values.ShouldAllBe(n => n.Item1 == 0 && (n.Item2 == null || n.Item2 == 0 && n.Item3 == null));
    }

    [Fact]
    public async Task an_imported_member_counts_from_joining_and_their_points_from_the_import()
    {
        var (customer, joined, earned) = (Guid.CreateVersion7(), LoyaltyRoom.Now.AddDays(-200), LoyaltyRoom.Now.AddDays(-190));
        await room.Hear("customers", LoyaltyRoom.Registered(customer));
        var row = new
        {
            customerId = customer,
            joinedAt = joined,
            qualifyingPoints = 600,
            lots = new[]
            {
                new
                {
                    reference = "L-1",
                    points = 700,
                    earnedAt = earned,
                    expiresAt = (DateTimeOffset?)null,
                },
            },
            history = new[]
            {
                new
                {
                    reference = "H-1",
                    kind = "earned",
                    points = 700,
                    occurredAt = earned,
                },
            },
        };
        (
            await room.Everything.PostAsync(
                "/api/loyalty/imports/measured",
                new StringContent(JsonSerializer.Serialize(row), System.Text.Encoding.UTF8, "application/x-ndjson")
            )
        ).StatusCode.ShouldBe(HttpStatusCode.OK);
        await room.CatchUp();
        var import = (await room.Store.FetchStream(customer)).Single(e => e.Data is MemberImported);
        var (at, month) = (
            ((MemberImported)import.Data).OccurredAt,
            TimeZoneInfo
                .ConvertTime(joined, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"))
                .ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)
        );

        async Task<(long, long, long)> Cohort(DateTimeOffset asOf) =>
            (await room.Get($"measures/cohorts?asOf={Uri.EscapeDataString(asOf.ToString("O"))}"))
                .GetProperty("cohorts")
                .EnumerateArray()
                .Where(c => c.GetProperty("cohort").GetString() == month)
                .Select(c =>
                    (c.GetProperty("members").GetInt64(), c.GetProperty("pointsIssued").GetInt64(), c.GetProperty("liability").GetInt64())
                )
                .SingleOrDefault();
        (await Cohort(joined.AddMicroseconds(-1))).ShouldBe(default);
        (await Cohort(joined)).ShouldBe((1, 0, 0), "before the account was opened here");
        (await Cohort(at.AddMicroseconds(-1))).ShouldBe((1, 0, 0), "what the other programme tells of the time before is not counted");
        (await Cohort(at)).ShouldBe((1, 700, 700));
        (await Rows($"liability?by=age&asOf={Uri.EscapeDataString(at.ToString("O"))}"))["6-12"].ShouldBe(700, "as old as they are there");
        (await Rows($"liability?by=tier&asOf={Uri.EscapeDataString(at.ToString("O"))}"))["Silver"].ShouldBe(700);
        var member = (
            await room.Get($"measures/tenure-mean/events?cohort={month}&asOf={Uri.EscapeDataString(joined.AddDays(200).ToString("O"))}")
        )
            .GetProperty("items")
            .EnumerateArray()
            .Single();
        (
            member.GetProperty("eventId").GetGuid(),
            member.GetProperty("occurredAt").GetDateTimeOffset(),
            member.GetProperty("amount").GetDecimal()
        ).ShouldBe((import.Id, joined, 200));
    }

    [Fact]
    public async Task a_referral_counts_once_it_is_good()
    {
        var (referrer, referee) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await room.Hear("customers", LoyaltyRoom.Registered(referrer), LoyaltyRoom.Registered(referee));
        (
            await room.Everything.PostAsJsonAsync("/api/loyalty/referrals", new { refereeId = referee, referrerId = referrer })
        ).StatusCode.ShouldBe(HttpStatusCode.Created);
        await room.Hear("customers", LoyaltyRoom.Purchase(referee, 50, LoyaltyRoom.Now.AddMinutes(1)));
        var later = TimeSpan.FromDays(40);
        room.Clock.Advance(later);
        try
        {
            await room.RunDue<QualifyReferrals>();
            room.Clock.Advance(TimeSpan.FromHours(2));
            later += TimeSpan.FromHours(2);
            await room.RunDue<QualifyReferrals>();
            await room.CatchUp();
            var good = (await room.Store.FetchStream(ReferralMember.IdOf(referee)))
                .Select(e => e.Data)
                .OfType<ReferralQualified>()
                .Single()
                .OccurredAt;
            (await Numbers(good.AddMicroseconds(-1)))["referral-rate"].Item1.ShouldBe(0);
            (await Numbers(good))["referral-rate"].Item1.ShouldBe(1);
            var told = (await room.Get($"measures/referral-rate/events?asOf={Uri.EscapeDataString(good.ToString("O"))}"))
                .GetProperty("items")
                .EnumerateArray()
                .Single();
            (told.GetProperty("customerId").GetGuid(), told.GetProperty("occurredAt").GetDateTimeOffset()).ShouldBe((referrer, good));
        }
        finally
        {
            room.Clock.Advance(-later);
        }
    }

    async Task<Dictionary<string, long>> Rows(string path) =>
        (await room.Get($"measures/{path}"))
            .GetProperty("rows")
            .EnumerateArray()
            .ToDictionary(r => r.GetProperty("bucket").GetString()!, r => r.GetProperty("points").GetInt64());

    async Task<Dictionary<string, (decimal, decimal?, decimal?)>> Numbers(DateTimeOffset at) =>
        (await room.Get($"measures?asOf={Uri.EscapeDataString(at.ToString("O"))}"))
            .GetProperty("measures")
            .EnumerateArray()
            .ToDictionary(
                m => m.GetProperty("id").GetString()!,
                m => (m.GetProperty("numerator").GetDecimal(), Number(m, "denominator"), Number(m, "value"))
            );

    static decimal? Number(JsonElement of, string name) =>
        of.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDecimal() : null;
}
