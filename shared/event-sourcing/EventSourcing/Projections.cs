namespace CrmPlatform.EventSourcing;

/// <summary>A read model: its tables, and the SQL that each event causes. It can always be rebuilt from the log.</summary>
public interface IProjection
{
    /// <summary>Names its checkpoint; give it a new name (<c>portrait-2</c>) when its tables change.</summary>
    string Name { get; }

    /// <summary>
    /// <c>create table if not exists …</c> with unqualified names: they are created in schema <c>read</c>, or in that of a rebuild.
    /// </summary>
    string Ddl { get; }

    /// <summary>
    /// The pause between two pages in the daemon, which is how late the view may be: a longer pause needs far fewer transactions.
    /// </summary>
    TimeSpan Rest => TimeSpan.FromMilliseconds(4);

    /// <summary>How much longer than <see cref="Rest"/> the pause becomes while many events come.</summary>
    TimeSpan RestUnderLoad => TimeSpan.FromMilliseconds(50);

    /// <summary>Registers which events it handles, and how. Called once, at start-up.</summary>
    void Register(EventHandlers on);
}

/// <summary>
/// Follows the log in order and acts outside the database. Each event is delivered at least once: the checkpoint is saved after
/// <see cref="Process"/> has returned.
/// </summary>
public interface ISubscription
{
    string Name { get; }

    /// <summary>The events that it handles, or interfaces of them; null for all. Others are neither read nor deserialized.</summary>
    IReadOnlySet<Type>? Handles => null;

    /// <summary>
    /// The pause between two pages; none by default, since a page need not cost a transaction. With a pause, pages grow under load.
    /// </summary>
    TimeSpan Rest => TimeSpan.Zero;

    Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct);
}

/// <summary>SQL statements that are sent together in one round trip. Parameters are positional (<c>$1</c>).</summary>
public sealed class SqlBatch(NpgsqlBatch batch)
{
    public int Count => batch.BatchCommands.Count;

    /// <summary>
    /// Adds a statement. Enums are sent as their names, null as SQL null; pass an <see cref="NpgsqlParameter"/> to give a type.
    /// </summary>
    public SqlBatch Add(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(
                value as NpgsqlParameter
                    ?? new NpgsqlParameter
                    {
                        Value = value switch
                        {
                            null => DBNull.Value,
                            Enum e => e.ToString(),
                            _ => value,
                        },
                    }
            );
        batch.BatchCommands.Add(command);
        return this;
    }
}
