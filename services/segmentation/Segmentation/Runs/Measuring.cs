using CrmPlatform.Segmentation.Abc;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Definitions;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Runs;

/// <summary>What a run measures: a definition, as of the end of a business day.</summary>
/// <param name="View"><c>decision</c>: returns until that day. <c>corrected</c>: all.</param>
public sealed record Measuring(RunDefinition Definition, DateOnly AsOf, string View, Business Business)
{
    public DateTimeOffset Until => Business.StartOf(AsOf.AddDays(1));

    public DateTimeOffset ReturnsUntil => View == Scoring.Corrected ? DateTimeOffset.MaxValue : Until;

    /// <summary>The day, and until when purchases and returns count.</summary>
    public (DateOnly Day, DateTimeOffset Until, DateTimeOffset ReturnsUntil) Instants => (AsOf, Until, ReturnsUntil);

    DateTimeOffset From =>
        Definition.WindowDays is { } days && days <= AsOf.DayNumber ? Business.StartOf(AsOf.AddDays(1 - days)) : Population.Always;

    /// <summary>The population, or a page of it, with its metrics.</summary>
    public async Task<List<(Member Member, Metrics Metrics)>> Read(
        NpgsqlConnection connection,
        long through,
        CancellationToken ct,
        Guid? customer = null,
        Guid? after = null,
        int? limit = null
    ) =>
        await Metrics(
            connection,
            await Population.Read(connection, Until, ReturnsUntil, through, ct, customer, after, limit, From),
            through,
            ct
        );

    /// <summary>The whole population with its metrics.</summary>
    public async Task<List<(Member Member, Metrics Metrics)>> ReadAll(NpgsqlTransaction snapshot, long through, CancellationToken ct) =>
        await Metrics(snapshot.Connection!, await Population.ReadAll(snapshot, Until, ReturnsUntil, through, ct, From), through, ct);

    async Task<List<(Member, Metrics)>> Metrics(NpgsqlConnection connection, List<Member> read, long through, CancellationToken ct)
    {
        var members = read.FindAll(m => m.Orders > 0);
        if (Definition.Frequency == FrequencyMeasure.Orders)
            return members.ConvertAll(m => (m, m.Metrics(Business)));
        var window = (From, Until, ReturnsUntil);
        var days = await OrderDays.Read(connection, [.. members.Select(m => m.CustomerId)], window, through, Business, ct);
        return members.ConvertAll(m => (m, m.Metrics(Business) with { Orders = days[m.CustomerId] }));
    }

    /// <summary>The scales of a population that was measured so.</summary>
    public (RfmScale Rfm, AbcScale Abc) Scales(ReadOnlySpan<Metrics> population)
    {
        var edges = Definition.Edges is { } e ? FixedCutOffs.Of(e, AsOf, amount => MinorUnits.Of(amount, Business.Currency)) : null;
        return (RfmScale.Of(AsOf, population, edges), Abc(population));
    }

    public AbcScale Abc(ReadOnlySpan<Metrics> population)
    {
        var shared = new long[population.Length];
        for (var i = 0; i < shared.Length; i++)
            shared[i] = Definition.Shared(population[i]);
        return AbcScale.Of(shared, Definition.ShareOfA, Definition.ShareOfB);
    }
}
