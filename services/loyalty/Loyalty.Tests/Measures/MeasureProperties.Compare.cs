using System.Text.Json;
using CrmPlatform.Loyalty.Tests.Households;
using Dapper;
using FsCheck;
using FsCheck.Fluent;

namespace CrmPlatform.Loyalty.Tests.Measures;

/// <summary>What the room answers, held against a plain computation.</summary>
public partial class MeasureProperties
{
    async Task Compare(DateTimeOffset at, int activeDays)
    {
        var (plain, query) = (new Plain(streams, rules, at, activeDays), $"asOf={Uri.EscapeDataString(at.ToString("O"))}");
        var shown = await room.Get($"measures?{query}&activeDays={activeDays}");
        foreach (var measure in shown.GetProperty("measures").EnumerateArray())
        {
            var (id, expected) = (measure.GetProperty("id").GetString()!, Plain.Of(plain.Members, measure.GetProperty("id").GetString()!));
            var got = (measure.GetProperty("numerator").GetDecimal(), Number(measure.GetProperty("denominator")));
            got.ShouldBe(expected, $"{id} {query}");
            Number(measure.GetProperty("value"))
                .ShouldBe(
                    expected.Denominator switch
                    {
                        null => expected.Numerator * rules.PointValue,
                        0 => null,
                        { } d => Math.Round(expected.Numerator / d, 6),
                    },
                    $"{id} {query}"
                );
            (await Sum($"measures/{id}/events?{query}&activeDays={activeDays}")).ShouldBe(got.Item1, $"{id} {query} numerator");
            if (got.Item2 is not null)
                (await Sum($"measures/{id}/events?{query}&activeDays={activeDays}&part=denominator")).ShouldBe(
                    got.Item2.Value,
                    $"{id} {query} denominator"
                );
        }
        plain.Members.ShouldAllBe(m => m.Account.Balance == m.Account.Available + m.Account.Pending - m.Account.Debt, query);
        plain.Members.Sum(m => m.Account.TransferredIn).ShouldBe(plain.Members.Sum(m => m.Account.TransferredOut), query);
        foreach (var by in new[] { "state", "age", "expiry", "cohort", "tier" })
        {
            var liability = await room.Get($"measures/liability?{query}&by={by}");
            liability.GetProperty("points").GetInt64().ShouldBe(plain.Members.Sum(m => m.Account.Balance), query);
            var rows = liability
                .GetProperty("rows")
                .EnumerateArray()
                .ToDictionary(
                    r => r.GetProperty("bucket").GetString()!,
                    r => (Accounts: r.GetProperty("accounts").GetInt64(), Points: r.GetProperty("points").GetInt64())
                );
            rows.Where(r => r.Value.Points != 0 || plain.Liability(by).ContainsKey(r.Key))
                .OrderBy(r => r.Key)
                .ShouldBe(plain.Liability(by).OrderBy(r => r.Key), $"{by} {query}");
            foreach (var (bucket, row) in rows)
                (await Sum($"measures/liability/events?{query}&by={by}&bucket={Uri.EscapeDataString(bucket)}")).ShouldBe(
                    row.Points,
                    $"{by} {bucket} {query}"
                );
        }
        var cohorts = (await room.Get($"measures/cohorts?{query}&activeDays={activeDays}"))
            .GetProperty("cohorts")
            .EnumerateArray()
            .ToList();
        cohorts.Select(c => c.GetProperty("cohort").GetString()).ShouldBe(plain.Members.Select(m => m.Cohort).Distinct().Order());
        foreach (var cohort in cohorts)
        {
            var members = plain.Members.Where(m => m.Cohort == cohort.GetProperty("cohort").GetString()).ToList();
            decimal Part(string id, bool denominator = false) =>
                denominator ? Plain.Of(members, id).Denominator!.Value : Plain.Of(members, id).Numerator;
            var named = new Dictionary<string, decimal?>
            {
                ["members"] = members.Count,
                ["activeMembers"] = Part("active-members"),
                ["buyers"] = Part("repeat-rate", true),
                ["repeatBuyers"] = Part("repeat-rate"),
                ["revenue"] = Part("purchase-value"),
                ["repeatRevenue"] = Part("repeat-revenue-share"),
                ["pointsIssued"] = Part("breakage", true),
                ["pointsRedeemed"] = Part("redemption-rate"),
                ["pointsExpired"] = Part("breakage"),
                ["pointsTransferred"] = members.Sum(m => m.Account.TransferredIn - m.Account.TransferredOut),
                ["liability"] = Part("liability"),
                ["tenureMean"] = Math.Round(Part("tenure-mean") / members.Count, 6),
                ["tenureMedian"] = Part("tenure-median") / Part("tenure-median", true),
            };
            (Part("breakage", true) + named["pointsTransferred"] - Part("redemption-rate") - Part("breakage")).ShouldBe(
                Part("liability"),
                query
            );
            foreach (var (name, value) in named)
                Number(cohort.GetProperty(name)).ShouldBe(value, $"{name} of {cohort.GetProperty("cohort")} {query}");
        }
        var some = cohorts.LastOrDefault();
        if (some.ValueKind == JsonValueKind.Object)
            (await Sum($"measures/repeat-revenue-share/events?{query}&cohort={some.GetProperty("cohort")}")).ShouldBe(
                some.GetProperty("repeatRevenue").GetDecimal()
            );
    }

    static decimal? Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetDecimal();

    /// <summary>All pages of a drill-down; each row is a fact of the log, said once, of a member, at its place and time.</summary>
    async Task<decimal> Sum(string path)
    {
        var (sum, seen, limit) = (0m, new HashSet<(Guid, bool)>(), path.Length % 3 == 0 ? 7 : 200);
        for (var after = ""; after is not null; )
        {
            var page = await room.Get($"{path}&limit={limit}{after}");
            foreach (var row in page.GetProperty("items").EnumerateArray())
            {
                var (id, due) = (row.GetProperty("eventId").GetGuid(), row.GetProperty("due").GetBoolean());
                seen.Add((id, due)).ShouldBeTrue($"{path}: an event is named once");
                var fact = streams[row.GetProperty("streamId").GetGuid()][row.GetProperty("version").GetInt32() - 1];
                fact.Id.ShouldBe(id);
                if (!due)
                    (
                        fact.Data is MemberImported { JoinedAt: var joined }
                            ? joined
                            : (DateTimeOffset)fact.Data.GetType().GetProperty("OccurredAt")!.GetValue(fact.Data)!
                    ).ShouldBe(row.GetProperty("occurredAt").GetDateTimeOffset());
                sum += row.GetProperty("amount").GetDecimal();
            }
            after = page.GetProperty("next").ValueKind == JsonValueKind.String ? "&after=" + page.GetProperty("next").GetString() : null;
        }
        return sum;
    }
}
