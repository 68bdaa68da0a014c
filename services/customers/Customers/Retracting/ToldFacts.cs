using CrmPlatform.Customers.Behaviour;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Retracting;

/// <summary>What an import or a source has told, found in the log between two places.</summary>
public sealed class ToldFacts(NpgsqlDataSource db, EventStore store)
{
    /// <summary>Places of the log that are looked through at once.</summary>
    const long Window = 50_000;

    /// <summary>What was told of one stream.</summary>
    /// <param name="Returns">Returns of a purchase that was told otherwise.</param>
    /// <param name="ExternalIds">Numbers of a customer who was registered otherwise.</param>
    public sealed record Told(
        Guid Stream,
        bool Purchase = false,
        bool Customer = false,
        IReadOnlyList<Guid>? Returns = null,
        IReadOnlyList<ExternalId>? ExternalIds = null
    );

    sealed record Row(long Seq, Guid Stream, string Type, Guid? ReturnId, string? System, string? Value);

    /// <summary>Every stream of which something was told, with all of it, in the order of the log.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Told>> Read(
        Teller teller,
        string name,
        long from,
        long through,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        for (var at = from - 1; at < through; at += Window)
        {
            // "+ 0": without statistics, PostgreSQL would go through the index of all numbers once per stream.
            var rows = await db.Query<Row>(
                $"""
                with told as (
                    select distinct stream_id from mt_events where seq_id > @at and seq_id <= @to and type = any(@types) and {By(teller)})
                select e.seq_id as Seq, e.stream_id as Stream, e.type as Type, (e.data ->> 'returnId')::uuid as ReturnId,
                    e.data -> 'externalId' ->> 'system' as System, e.data -> 'externalId' ->> 'value' as Value
                from told join mt_events e using (stream_id)
                where e.seq_id + 0 <= @through and e.type = any(@types) and {By(teller, "e.")} order by e.seq_id
                """,
                new
                {
                    at,
                    to = Math.Min(at + Window, through),
                    through,
                    name,
                    types = names.Keys.ToArray(),
                },
                ct
            );
            // A stream comes with its first fact; those that follow are here already.
            yield return [.. rows.GroupBy(r => r.Stream).Where(r => r.First().Seq > at).Select(Of)];
        }
    }

    /// <summary>Those of the customers who are one with nobody, and of whom this log knows nothing that was told otherwise.</summary>
    public async Task<IReadOnlySet<Guid>> Alone(Teller teller, string name, Guid[] customers, CancellationToken ct)
    {
        var visits = customers.ToDictionary(Visits.IdOf);
        // By lists of ids, so that each table is asked once however little PostgreSQL knows of one that was filled a moment ago.
        var others = await db.Query<Guid>(
            $"""
            select stream_id from mt_events where stream_id = any(@customers) and type <> all(@going) and not ({By(teller)})
            union select customer_id from customer_groups where customer_id = any(@customers)
            union select id from mt_streams where id = any(@visits)
            union select company_id from company_contacts where company_id = any(@customers)
            union select person_id from company_contacts where person_id = any(@customers)
            union select company_id from company_parents where company_id = any(@customers)
            union select parent_id from company_parents where parent_id = any(@customers)
            union select p.customer_id from purchase_list p join mt_events e on e.stream_id = p.id and e.version = 1
                where p.customer_id = any(@customers) and not ({By(teller, "e.")})
            """,
            new
            {
                name,
                customers,
                visits = visits.Keys.ToArray(),
                going,
            },
            ct
        );
        return customers.Except(others.Select(id => visits.GetValueOrDefault(id, id))).ToHashSet();
    }

    static readonly Type[] leaving =
    [
        typeof(RegistrationRetracted),
        typeof(CustomerForgotten),
        typeof(TagExpired),
        typeof(CustomersMerged),
        typeof(CustomersUnmerged),
        typeof(MatchingRefused),
        typeof(MatchingAllowed),
    ];

    static readonly Type[] told = [typeof(PurchaseMade), typeof(GoodsReturned), typeof(CustomerRegistered), typeof(ExternalIdLinked)];

    /// <summary>What a retraction itself records of a customer, or time alone, and whether it may be, or was, one with another.</summary>
    readonly string[] going = [.. store.StoredShapes.Where(s => leaving.Contains(s.Value)).Select(s => s.Key)];

    readonly Dictionary<string, Type> names = store.StoredShapes.Where(s => told.Contains(s.Value)).ToDictionary();

    Told Of(IGrouping<Guid, Row> rows)
    {
        var (purchase, customer) = (Any<PurchaseMade>(), Any<CustomerRegistered>());
        return new(
            rows.Key,
            purchase,
            customer,
            purchase ? null : [.. rows.Select(r => r.ReturnId).OfType<Guid>()],
            customer ? null : [.. rows.Where(r => r.System is not null).Select(r => new ExternalId(r.System!, r.Value!))]
        );

        bool Any<T>() => rows.Any(r => names[r.Type] == typeof(T));
    }

    static string By(Teller teller, string of = "") =>
        teller == Teller.Import
            ? $"coalesce({of}headers ->> 'import' = @name, false)"
            : $"coalesce({of}headers ->> 'source' = @name, false)";
}
