using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using Marten.Events;
using Marten.Services.Json.Transformations;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// The stored names of events, as they are registered with Marten. Filled at start-up, so that no event needs reflection later.
/// </summary>
sealed class EventTypes
{
    readonly Dictionary<Type, string> names = [];
    readonly Dictionary<string, Type> types = [];
    readonly Dictionary<string, (Type Type, JsonTransformation Read)> old = [];
    readonly HashSet<Type> retired = [];

    public IReadOnlyDictionary<string, Type> ByName => types;

    public void Add(Type type)
    {
        var name = type.GetCustomAttribute<DataContractAttribute>()?.Name ?? Snake(type.Name);
        if (types.TryGetValue(name, out var other) && other != type)
            throw new InvalidOperationException(
                $"{type} and {other} are both stored as '{name}'; give one of them another name by [DataContract]"
            );
        (types[name], names[type]) = (type, name);
    }

    public void AddRetired(Type type)
    {
        Add(type);
        retired.Add(type);
    }

    public bool IsRetired(Type type) => retired.Contains(type);

    public void AddOld<TOld, TNew>(string name, Func<TOld, TNew> upcast)
        where TOld : class
        where TNew : class => old[name] = (typeof(TNew), JsonTransformations.Upcast(upcast));

    public void Register(IEventStoreOptions marten)
    {
        foreach (var (name, type) in types)
            marten.MapEventType(type, name);
        foreach (var (name, (type, read)) in old)
        {
            if (types.TryGetValue(name, out var current))
                throw new InvalidOperationException(
                    $"'{name}' is both the stored name of {current} and an old shape that is upcast to {type}; expected one of them"
                );
            marten.Upcast(type, name, read);
        }
    }

    /// <summary>The upcasters, by the stored names of the old shapes.</summary>
    public IEnumerable<(string Name, JsonTransformation Read)> Old => old.Select(o => (o.Key, o.Value.Read));

    /// <summary>The registered events that are a <paramref name="wanted"/> (an event or an interface), without the store's own.</summary>
    /// <param name="who">Who handles them, for the message of the exception when there are none.</param>
    public IReadOnlyList<Type> That(Type wanted, string who)
    {
        var found = names.Keys.Where(t => t.IsAssignableTo(wanted) && t != typeof(FollowerSkipped) && !retired.Contains(t)).ToList();
        return found.Count > 0
            ? found
            : throw new InvalidOperationException(
                $"{who} handles {wanted.Name}, which no registered event is; expected a registered event, or an interface of some"
            );
    }

    public string NameOf(Type type) =>
        names.TryGetValue(type, out var name)
            ? name
            : throw new InvalidOperationException(
                $"{type.Name} is not a registered event; expected a sealed record of a registered aggregate's event interface"
            );

    /// <summary>The stored names of these types, and all old shapes; null for all events.</summary>
    public string[]? NamesOf(IReadOnlySet<Type>? wanted) => wanted is null ? null : [.. wanted.Select(NameOf), .. old.Keys];

    public static byte[] Write(object @event) => JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), EventStoreOptions.Json);

    static string Snake(string pascal)
    {
        var snake = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsUpper(c) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }
        return snake.ToString();
    }
}
