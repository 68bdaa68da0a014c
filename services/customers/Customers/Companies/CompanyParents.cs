namespace CrmPlatform.Customers.Companies;

/// <summary>Where each company belonged, belongs and will belong.</summary>
public sealed class CompanyParents : IProjection
{
    /// <summary>A company in the tree of another at an instant.</summary>
    public sealed record Node(Guid CompanyId, Guid? ParentId, CompanyLink? Kind, int Level);

    public string Name => "company-parents";

    public string Ddl =>
        """
            create table if not exists company_parents (
                company_id uuid not null, parent_id uuid not null, kind text not null, from_at timestamptz not null,
                until_at timestamptz, primary key (company_id, from_at));
            create index if not exists company_parents_parent on company_parents (parent_id)
            """;

    public void Register(EventHandlers on) =>
        on.On<CompanyParentSet>(
                (p, _, sql) =>
                {
                    End(p.CompanyId, p.From, sql);
                    sql.Add(
                        "insert into company_parents (company_id, parent_id, kind, from_at) values ($1, $2, $3, $4)",
                        p.CompanyId,
                        p.ParentId,
                        p.Kind,
                        p.From
                    );
                }
            )
            .On<CompanyParentCleared>((p, _, sql) => End(p.CompanyId, p.Until, sql));

    /// <summary>The company and all below it, the company first and each after its parent.</summary>
    public static Task<List<Node>> Under(NpgsqlDataSource db, Guid company, DateTimeOffset at, CancellationToken ct) =>
        db.Query<Node>(
            """
            with recursive tree as (
                select @company::uuid as company_id, null::uuid as parent_id, null::text as kind, 0 as level
                union all
                select p.company_id, p.parent_id, p.kind, t.level + 1 from tree t join company_parents p on p.parent_id = t.company_id
                where p.from_at <= @at and (p.until_at is null or p.until_at > @at))
            select company_id, parent_id, kind, level from tree order by level, company_id
            """,
            new { company, at },
            ct
        );

    /// <summary>The company at the top of a company's tree; itself if it belongs to none.</summary>
    public static Task<Guid> RootOf(NpgsqlDataSource db, Guid company, DateTimeOffset at, CancellationToken ct) =>
        db.QuerySingle<Guid>(
            """
            with recursive above as (
                select @company::uuid as company_id, 0 as level
                union all
                select p.parent_id, a.level + 1 from above a join company_parents p on p.company_id = a.company_id
                where p.from_at <= @at and (p.until_at is null or p.until_at > @at))
            select company_id from above order by level desc limit 1
            """,
            new { company, at },
            ct
        );

    /// <summary>Where a company belonged, belongs and will belong, in the order of time.</summary>
    public static Task<List<ParentSpan>> Of(NpgsqlDataSource db, Guid company, CancellationToken ct) =>
        db.Query<ParentSpan>(
            """
            select parent_id, kind, from_at as "from", until_at as until from company_parents where company_id = @company order by from_at
            """,
            new { company },
            ct
        );

    static void End(Guid company, DateTimeOffset at, SqlBatch sql) =>
        sql.Add("delete from company_parents where company_id = $1 and from_at >= $2", company, at)
            .Add("update company_parents set until_at = $2 where company_id = $1 and (until_at is null or until_at > $2)", company, at);
}
