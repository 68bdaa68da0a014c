using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.Segmentation.Rfm;
using Npgsql;

namespace CrmPlatform.SegmentationBenchmarks;

/// <summary>
/// What a run computes, once more as it is defined: score = 1 + ⌊5 · (strictly worse) / N⌋; A while the share before the first of equals is
/// below .8, B below .95.
/// </summary>
static class Plain
{
    public static (int, int, int, string)[] Scores(Metrics[] shop, DateOnly asOf)
    {
        var (r, f, m) = (
            Fifths([.. shop.Select(c => -(long)(asOf.DayNumber - c.LastOrder.DayNumber))]),
            Fifths([.. shop.Select(c => c.Orders)]),
            Fifths([.. shop.Select(c => c.Revenue)])
        );
        var (grades, total, before) = (new Dictionary<long, string>(), shop.Where(c => c.Revenue > 0).Sum(c => (decimal)c.Revenue), 0m);
        foreach (var equals in shop.GroupBy(c => c.Revenue).OrderByDescending(g => g.Key))
        {
            grades[equals.Key] =
                equals.Key <= 0 ? "C"
                : before < .8m * total ? "A"
                : before < .95m * total ? "B"
                : "C";
            before += (decimal)equals.Key * equals.Count();
        }
        return [.. shop.Select((c, i) => (r[i], f[i], m[i], grades[c.Revenue]))];
    }

    static int[] Fifths(long[] values)
    {
        var worse = values
            .GroupBy(v => v)
            .OrderBy(g => g.Key)
            .Aggregate(
                (Seen: 0L, Of: new Dictionary<long, long>()),
                (all, g) =>
                {
                    all.Of[g.Key] = all.Seen;
                    return (all.Seen + g.Count(), all.Of);
                }
            )
            .Of;
        return [.. values.Select(v => (int)(1 + (5 * worse[v] / values.Length)))];
    }

    /// <summary>In the order of the customers.</summary>
    public const string Sql = """
        select r, f, m, case when revenue <= 0 then 'C' when before < .8 * total then 'A'
            when before < .95 * total then 'B' else 'C' end as grade
        from (
            select id, revenue,
                   (1 + 5 * (rank() over (order by last_order) - 1) / count(*) over ())::int as r,
                   (1 + 5 * (rank() over (order by orders) - 1) / count(*) over ())::int as f,
                   (1 + 5 * (rank() over (order by revenue) - 1) / count(*) over ())::int as m,
                   sum(greatest(revenue, 0)) over (order by revenue desc)
                       - greatest(revenue, 0) * count(*) over (partition by revenue) as before,
                   sum(greatest(revenue, 0)) over () as total
            from metrics) s
        order by id
        """;

    /// <summary>All of it computed, and one row fetched.</summary>
    public const string Sum = $"select sum(r) + sum(f) + sum(m) + count(*) filter (where grade = 'A') from ({Sql}) all_";

    public static async Task Fill(Metrics[] shop)
    {
        await using var owner = new NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await Run("create schema if not exists read; grant usage on schema read to bench_app");
        await Run(
            "create table read.metrics (id int primary key, last_order date not null, orders bigint not null, revenue bigint not null)"
        );
        await using (
            var copy = await owner.BeginBinaryImportAsync("copy read.metrics (id, last_order, orders, revenue) from stdin (format binary)")
        )
        {
            for (var i = 0; i < shop.Length; i++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(i);
                await copy.WriteAsync(shop[i].LastOrder);
                await copy.WriteAsync(shop[i].Orders);
                await copy.WriteAsync(shop[i].Revenue);
            }
            await copy.CompleteAsync();
        }
        await Run("grant select on read.metrics to bench_app; analyze read.metrics");

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, owner);
            await command.ExecuteNonQueryAsync();
        }
    }
}
