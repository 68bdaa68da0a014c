using System.Text.Json;
using CrmPlatform.Contracts;

namespace CrmPlatform.Portraits.Timelines;

/// <summary>Customers who are one person or one company.</summary>
/// <param name="SurvivorId">The member under whose id the group is shown.</param>
/// <param name="Members">All members, the survivor first.</param>
public sealed record Group(Guid SurvivorId, IReadOnlyList<Guid> Members)
{
    const string Changes = "('customers.customers-merged', 'customers.customers-unmerged')";

    /// <summary>Finds the group of a customer without reading the rest of the timeline.</summary>
    public const string Index = $"""
        ;create index if not exists timeline_of_groups on timeline (customer_id, event_id) where contract in {Changes}
        """;

    /// <summary>
    /// What the timeline tells of customer <c>@id</c>'s group: the greatest event id holds, in whatever order they were heard. What was
    /// recorded after <c>@knownAt</c> does not count.
    /// </summary>
    public const string Last = $"""
        select data from timeline where customer_id = @id and contract in {Changes}
            and (@knownAt::timestamptz is null or recorded_at <= @knownAt) order by event_id desc limit 1
        """;

    /// <summary>The ids of <c>@id</c> and of those who are one with it, where <c>g</c> is <see cref="Last"/>.</summary>
    public const string Ids = "select @id as id union select json_array_elements_text(data->'members')::uuid from g";

    /// <summary>Null for a customer who is alone.</summary>
    public static async Task<Group?> Of(NpgsqlConnection connection, Guid id, DateTimeOffset? knownAt, CancellationToken ct) =>
        Read(
            await connection.QuerySingleOrDefaultAsync<string>(
                new CommandDefinition(
                    $"select data::text from ({Last}) g",
                    new { id, knownAt = knownAt?.UtcDateTime },
                    cancellationToken: ct
                )
            )
        );

    /// <param name="change">The data of <see cref="Last"/>; null if nothing was told.</param>
    public static Group? Read(string? change) =>
        change is not null && JsonSerializer.Deserialize<CustomersMerged>(change, EventStoreOptions.Json) is { Members.Count: > 1 } told
            ? new(told.SurvivorId, told.Members)
            : null;
}
