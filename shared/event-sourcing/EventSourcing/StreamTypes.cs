namespace CrmPlatform.EventSourcing;

/// <summary>A kind of stream: the name of its type, its initial state and how its events fold.</summary>
/// <param name="Name">Stored with each stream.</param>
/// <param name="Snapshots">The kind of its snapshots (name and version of the state); null when it has none.</param>
sealed record StreamType(Type State, string Name, string? Snapshots, object Initial, Func<object, object, object> Evolve)
{
    public static StreamType Of<TState, TEvent>(string name, int? snapshots)
        where TState : class, IAggregate<TState, TEvent>
        where TEvent : class =>
        new(
            typeof(TState),
            name,
            snapshots is { } shape ? $"{name} {shape}" : null,
            TState.Initial,
            (state, e) =>
                e switch
                {
                    TEvent known => ((TState)state).Evolve(known),
                    Snapshot s => JsonSerializer.Deserialize<TState>(s.State, EventStoreOptions.Json)!,
                    _ => state,
                }
        );
}

/// <summary>The registered aggregates.</summary>
sealed class StreamTypes
{
    readonly Dictionary<Type, StreamType> types = [];

    public void Add(StreamType type) => types[type.State] = type;

    public StreamType Of(Type state) =>
        types.TryGetValue(state, out var type)
            ? type
            : throw new InvalidOperationException(
                $"{state.Name} is not a registered aggregate; expected options.Aggregate<{state.Name}, …>(…) at start-up"
            );

    public IEnumerable<StreamType> WithSnapshots => types.Values.Where(t => t.Snapshots is not null);
}
