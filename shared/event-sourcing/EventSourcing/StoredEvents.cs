using System.Collections.Frozen;
using System.Data.Common;
using JasperFx.Events;
using Marten;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Reads rows of the log. Names, types, upcasters and JSON are those that are registered with Marten; they are looked up once at start-up,
/// not for every row.
/// </summary>
sealed class StoredEvents
{
    /// <summary>The columns of mt_events (as e) that <see cref="Read(NpgsqlDataReader)"/> expects.</summary>
    public const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers";

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

    public RecordedEvent Read(NpgsqlDataReader row)
    {
        var headers = row.IsDBNull(9) ? null : JsonSerializer.Deserialize<Headers>(row.GetFieldValue<byte[]>(9), EventStoreOptions.Json);
        return new(
            Id: row.GetGuid(1),
            StreamId: row.GetGuid(2),
            Version: row.GetInt64(3),
            Sequence: row.GetInt64(0),
            Data: Read(row.GetString(4), row, 5),
            Metadata: new(Text(7), Text(8), headers?.Actor, headers?.TraceParent, headers?.Source, headers?.Import),
            RecordedAt: row.GetFieldValue<DateTimeOffset>(6)
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    /// <summary>An event that a session of Marten has read.</summary>
    public static RecordedEvent From(IEvent e) =>
        new(
            Id: e.Id,
            StreamId: e.StreamId,
            Version: e.Version,
            Sequence: e.Sequence,
            Data: e.Data,
            Metadata: new(
                e.CorrelationId,
                e.CausationId,
                Header(e, "actor"),
                Header(e, "traceParent"),
                Header(e, "source"),
                Header(e, "import")
            ),
            RecordedAt: e.Timestamp
        );

    static string? Header(IEvent e, string name) => e.GetHeader(name)?.ToString();

    object Read(string name, DbDataReader row, int column) =>
        shapes.TryGetValue(name, out var read)
            ? read(row, column)
            : throw new InvalidOperationException(
                $"the log holds an event '{name}'; expected an event of a registered aggregate, a retired one or an old shape"
            );

    internal sealed record Headers(string? Actor, string? TraceParent, string? Source = null, string? Import = null);
}
