namespace CrmPlatform.Segmentation.Needs;

/// <summary>The orders of a customer and of all who were one with them.</summary>
sealed record NeedHistory(Guid CustomerId, IReadOnlyList<Guid> Others, IReadOnlyList<(byte[] Orders, byte[] Left)> Rows)
{
    /// <summary>As evidence no more than these are shown, the latest.</summary>
    public const int MostShown = 20;

    public NeedCount Count(NeedWindow window) =>
        Rows.Aggregate(default(NeedCount), (sum, row) => sum + NeedOrders.Count(row.Orders, row.Left, window));

    public IReadOnlyList<Guid> Shown(NeedWindow window) =>
        [
            .. Rows.SelectMany(row => NeedOrders.Shown(row.Orders, row.Left, window))
                .OrderByDescending(o => o.At)
                .ThenBy(o => o.Id)
                .Take(MostShown)
                .Select(o => o.Id),
        ];
}

/// <summary>Reads the orders of all customers, or of some, as they were judged: a group under its survivor's id.</summary>
/// <param name="connection">In a snapshot, so that all are seen as of one moment.</param>
/// <param name="groups">Who was judged under which other id.</param>
sealed class NeedScan(NpgsqlConnection connection, NeedWindow window, IReadOnlyDictionary<Guid, Guid> groups)
{
    const int AtOnce = 1_000;

    readonly ILookup<Guid, Guid> others = groups.OrderBy(g => g.Key).ToLookup(g => g.Value, g => g.Key);

    /// <param name="only">Whose group alone is asked for.</param>
    public static async Task<NeedScan> Begin(NpgsqlConnection connection, NeedWindow window, CancellationToken ct, Guid? only = null)
    {
        // Not one statement for both: its plan would read all groups for one customer.
        var of = only is null ? "" : "and customer_id in (select j.customer_id from judged_with j where j.survivor_id = @only)";
        var told = await connection.QueryAsync<(Guid Customer, Guid? Survivor)>(
            new CommandDefinition(
                $"""
                select distinct on (customer_id) customer_id, survivor_id from judged_with where seq <= @Through {of}
                order by customer_id, seq desc
                """,
                new { window.Through, only },
                cancellationToken: ct
            )
        );
        return new(connection, window, told.Where(g => g.Survivor is not null).ToDictionary(g => g.Customer, g => g.Survivor!.Value));
    }

    /// <summary>Calls for each customer who was judged under their own id. Memory is that of the groups.</summary>
    public async Task Everybody(Action<Guid, NeedCount> ask, CancellationToken ct)
    {
        await using (
            var rows = await connection.BeginBinaryExportAsync(
                "copy (select customer_id, orders, gone from need_facts) to stdout (format binary)",
                ct
            )
        )
            while (await rows.StartRowAsync(ct) >= 0)
            {
                var (id, orders, left) = (rows.Read<Guid>(), rows.Read<byte[]>(), rows.Read<byte[]>());
                if (!groups.ContainsKey(id) && !others.Contains(id))
                    ask(id, NeedOrders.Count(orders, left, window));
            }
        foreach (var some in others.Select(g => g.Key).Where(id => !groups.ContainsKey(id)).Chunk(AtOnce))
        foreach (var history in (await Some(some, ct)).Values)
            ask(history.CustomerId, history.Count(window));
    }

    /// <summary>The histories of those who are judged under these ids; without orders where there are none.</summary>
    public async Task<Dictionary<Guid, NeedHistory>> Some(IReadOnlyCollection<Guid> survivors, CancellationToken ct)
    {
        var rows = (
            await connection.QueryAsync<(Guid Customer, byte[] Orders, byte[] Left)>(
                new CommandDefinition(
                    "select customer_id, orders, gone from need_facts where customer_id = any(@ids)",
                    new { ids = survivors.Concat(survivors.SelectMany(s => others[s])).ToArray() },
                    cancellationToken: ct
                )
            )
        ).ToDictionary(r => r.Customer, r => (r.Orders, r.Left));
        return survivors.ToDictionary(
            s => s,
            s => new NeedHistory(s, [.. others[s]], [.. others[s].Prepend(s).Where(rows.ContainsKey).Select(id => rows[id])])
        );
    }
}
