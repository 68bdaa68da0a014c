using System.Collections.Frozen;
using System.Data.Common;
using Marten;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// What rows of the log mean. Names, types, old shapes and JSON are those that are registered with Marten; each is looked up once, not for
/// every row.
/// </summary>
sealed class StoredEvents
{
    readonly FrozenDictionary<string, Func<DbDataReader, int, object>> shapes;

    public StoredEvents(IDocumentStore marten, EventTypes types)
    {
        var json = marten.Options.Serializer();
        var found = new Dictionary<string, Func<DbDataReader, int, object>>
        {
            [Snapshots.Name] = (row, column) => new Snapshot(row.GetFieldValue<byte[]>(column)),
        };
        foreach (var known in marten.Options.Events.AllKnownEventTypes())
        {
            var type = known.EventType;
            found[known.EventTypeName] = (row, column) => json.FromJson(type, row, column);
        }
        foreach (var (name, old) in types.Old)
            found[name] = (row, column) => old.FromDbDataReader(json, row, column);
        shapes = found.ToFrozenDictionary();
    }

    public object Read(string name, DbDataReader row, int column) =>
        shapes.TryGetValue(name, out var read)
            ? read(row, column)
            : throw new InvalidOperationException($"the log holds '{name}', which no registered aggregate knows");
}
