using System.Text.Json;
using CrmPlatform.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The facts of other services that this service reacts to, and its reactions.</summary>
public sealed class Reactions
{
    readonly Dictionary<Type, List<Func<IServiceProvider, object, FactContext, IEnumerable<Write>>>> typed = [];

    public IEnumerable<Type> Heard => typed.Keys;
    public bool Any => typed.Count > 0;

    internal void Add<TFact, TReaction>()
        where TReaction : class, IReaction<TFact>
    {
        if (!typed.TryGetValue(typeof(TFact), out var list))
            typed[typeof(TFact)] = list = [];
        list.Add((services, fact, about) => services.GetRequiredService<TReaction>().React((TFact)fact, about));
    }

    /// <summary>The writes that the reactions return for a fact, each with the fact's id (for deduplication) and trace.</summary>
    /// <exception cref="JsonException">The fact is unreadable.</exception>
    internal List<Write> To(Fact fact, IServiceProvider services)
    {
        var writes = new List<Write>();
        // A contract that only a newer version of the publisher knows is ignored.
        if (ContractCatalogue.Find(fact.Contract) is { } contract && typed.TryGetValue(contract.Type, out var reactions))
        {
            var data =
                fact.Data.Deserialize(contract.Type, EventStoreOptions.Json) ?? throw new JsonException($"{fact.Contract} has no data");
            var about = new FactContext(fact.EventId, fact.Publisher, fact.OccurredAt, fact.RecordedAt);
            foreach (var reaction in reactions)
                writes.AddRange(reaction(services, data, about));
        }
        foreach (var write in writes)
            write.ButOnce(fact.EventId, new(fact.Correlation, fact.EventId.ToString(), fact.Publisher, fact.TraceParent));
        return writes;
    }
}
