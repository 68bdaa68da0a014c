using CrmPlatform.Customers.Companies;
using CrmPlatform.EventStoreBenchmarks;

namespace CrmPlatform.CustomersBenchmarks;

/// <summary>
/// The revenue of a tree of 5,000 companies with ten sales each, rolled up as of an instant: what GET companies/{id}/tree asks.
/// </summary>
static class RollUps
{
    const int Companies = 5_000;

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        await using (var owner = new Npgsql.NpgsqlConnection(Database.Owner))
        {
            await owner.OpenAsync();
            await using var tables = new Npgsql.NpgsqlCommand(
                $"""
                create schema if not exists read; grant usage on schema read to bench_app;
                set search_path = read; {new CompanyParents().Ddl}; {new CustomerSales().Ddl};
                grant select on all tables in schema read to bench_app;
                insert into company_parents select md5('c' || n)::uuid, md5('c' || (n - 1) / 8)::uuid, 'Owns', '2020-01-01'
                    from generate_series(1, {Companies - 1}) n;
                insert into customer_sales select md5('c' || n % {Companies})::uuid, md5('p' || n)::uuid,
                    timestamptz '2024-01-01' + n * interval '10 minutes', 'CNY', n % 1000 from generate_series(1, {10 * Companies}) n;
                analyze company_parents; analyze customer_sales
                """,
                owner
            );
            await tables.ExecuteNonQueryAsync();
        }
        var root = await database.Scalar<Guid>("select md5('c0')::uuid");
        var at = new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);
        var slice = await Slice.Run(
            1,
            5 * settings.StoreSlice,
            async _ =>
            {
                var under = await CompanyParents.Under(database.Db, root, at, default);
                var own = await CustomerSales.Of(database.Db, [.. under.Select(c => c.CompanyId)], at, "CNY", default);
                if (RollUp.Of([.. under.Select(c => (c.CompanyId, c.ParentId))], own).Count != Companies)
                    throw new InvalidOperationException("the tree is not whole");
            }
        );
        rows.Add(Matching.Checked($"roll-up of {Companies:N0} companies", 50, slice));
    }
}
