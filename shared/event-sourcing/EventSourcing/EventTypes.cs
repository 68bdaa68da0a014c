using System.Reflection;
using System.Runtime.Serialization;
using System.Text;

namespace CrmPlatform.EventSourcing;

/// <summary>Stored names of facts, both ways. Filled at start-up; nothing is looked up by reflection afterwards.</summary>
sealed class EventTypes
{
    readonly Dictionary<Type, string> names = [];
    readonly Dictionary<string, Type> types = [];
    readonly Dictionary<string, Func<byte[], object>> old = [];

    public IReadOnlyDictionary<string, Type> ByName => types;

    public void Add(Type type)
    {
        var name = type.GetCustomAttribute<DataContractAttribute>()?.Name ?? Snake(type.Name);
        if (types.TryGetValue(name, out var other) && other != type)
            throw new InvalidOperationException($"{type} and {other} are both stored as '{name}'; give one of them another name by [DataContract]");
        (types[name], names[type]) = (type, name);
    }

    /// <summary>The registered events that are a <paramref name="wanted"/>, an event or an interface; never the store's own.</summary>
    /// <param name="who">Handles them; for the message when there are none.</param>
    public IReadOnlyList<Type> That(Type wanted, string who)
    {
        var found = names.Keys.Where(t => t.IsAssignableTo(wanted) && t != typeof(FollowerSkipped)).ToList();
        return found.Count > 0 ? found : throw new InvalidOperationException(
            $"{who} handles {wanted.Name}, which no registered event is; expected a registered event, or an interface of some");
    }

    public void AddOld(string name, Func<byte[], object> read) => old[name] = read;

    public string NameOf(Type type) => names.TryGetValue(type, out var name)
        ? name
        : throw new InvalidOperationException($"{type.Name} is not a fact of a registered aggregate");

    /// <summary>The stored names of these types, the old shapes that are read as them included.</summary>
    public string[]? NamesOf(IReadOnlySet<Type>? wanted) => wanted is null ? null : [.. wanted.Select(NameOf), .. old.Keys];

    public object Read(string name, byte[] json) => name == Snapshots.Name ? new Snapshot(json) : old.TryGetValue(name, out var upcast)
        ? upcast(json)
        : types.TryGetValue(name, out var type)
            ? JsonSerializer.Deserialize(json, type, EventStoreOptions.Json)!
            : throw new InvalidOperationException($"the log holds '{name}', which no registered aggregate knows");

    public static byte[] Write(object @event) => JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), EventStoreOptions.Json);

    static string Snake(string pascal)
    {
        var snake = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsUpper(c) && snake.Length > 0) snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }
        return snake.ToString();
    }
}
