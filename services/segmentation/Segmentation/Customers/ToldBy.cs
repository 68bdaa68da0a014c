namespace CrmPlatform.Segmentation.Customers;

/// <summary>How many customers have facts of a run: what a process told before it died.</summary>
static class ToldBy
{
    /// <param name="through">The last event that the run counted: its facts are later.</param>
    /// <param name="types">Names of facts that say their run.</param>
    public static Task<int> Run(NpgsqlConnection connection, Guid runId, long through, string[] types, CancellationToken ct) =>
        connection.QuerySingleAsync<int>(
            new CommandDefinition(
                """
                select count(distinct stream_id)::int from mt_events
                where seq_id > @through and type = any(@types) and data ->> 'runId' = @run
                """,
                new
                {
                    through,
                    types,
                    run = runId.ToString(),
                },
                commandTimeout: 600,
                cancellationToken: ct
            )
        );
}
