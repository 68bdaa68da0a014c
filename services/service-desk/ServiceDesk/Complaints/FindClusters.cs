namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Looks for clusters among the complaints of the last weeks: an alarm, so history that is imported raises none.</summary>
public sealed class FindClusters : IDueWork
{
    static readonly TimeSpan back = TimeSpan.FromDays(30);

    static readonly string sql = $"""
        with told as (
            select c.category, coalesce(c.cause, t.cause) as cause, c.opened_at, c.ticket_id
            from complaints c join ticket_list t using (ticket_id) where c.opened_at >= @since),
        ended as (select category, cause, max(until_at) as until_at from complaint_clusters group by 1, 2),
        found as (
            select category, cause, opened_at,
                lag(opened_at, {ComplaintCluster.Least - 1}) over (partition by category, cause order by opened_at, ticket_id) as first
            from told left join ended using (category, cause)
            where cause is not null and opened_at >= coalesce(until_at, '-infinity'))
        select distinct on (category, cause) category, cause, first as from, opened_at as at
        from found where opened_at - first < @Within order by category, cause, opened_at
        """;

    public string Name => "complaint-clusters";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from row in await connection.QueryAsync<Row>(
            new CommandDefinition(sql, new { since = now - back, ComplaintCluster.Within }, cancellationToken: ct)
        )
        select Write.To(
            ComplaintCluster.Of(row.Category, row.Cause),
            cluster =>
                row.From < cluster.Until
                    ? []
                    : [new ClusterFound(row.Category, row.Cause, row.From, row.From + ComplaintCluster.Within, row.At)]
        );

    sealed class Row
    {
        public string Category { get; init; } = "";
        public string Cause { get; init; } = "";
        public DateTimeOffset From { get; init; }
        public DateTimeOffset At { get; init; }
    }
}
