namespace CrmPlatform.EventSourcing;

/// <summary>A read model: its tables, and the SQL that events mean for them. Disposable: it can be rebuilt from the log.</summary>
public interface IProjection
{
    /// <summary>Names its progress; give it a new name (<c>portrait-2</c>) when its tables change.</summary>
    string Name { get; }

    /// <summary>
    /// <c>create table if not exists …</c> with unqualified names: they land in schema <c>read</c>, or in the schema of a rebuild.
    /// </summary>
    string Ddl { get; }

    /// <summary>
    /// The pause between two pages, in the daemon: how fresh the view must be. A view that may be a moment late costs far fewer
    /// transactions.
    /// </summary>
    TimeSpan Rest => TimeSpan.FromMilliseconds(4);

    /// <summary>Says which events it handles, and how. Called once, at start.</summary>
    void Register(EventHandlers on);
}

/// <summary>
/// Follows the log in order and acts outside of the database. At least once: progress is kept after <see cref="Process"/> returns.
/// </summary>
public interface ISubscription
{
    string Name { get; }

    /// <summary>The events that it wants, or interfaces of them; null means all. Others are neither read nor deserialized.</summary>
    IReadOnlySet<Type>? Handles => null;

    /// <summary>
    /// The pause between two pages; none by default, since what it does need not cost a transaction. With one, pages grow under load.
    /// </summary>
    TimeSpan Rest => TimeSpan.Zero;

    Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct);
}

/// <summary>SQL statements that travel together in one round trip. Parameters are positional (<c>$1</c>).</summary>
public sealed class SqlBatch(NpgsqlBatch batch)
{
    public int Count => batch.BatchCommands.Count;

    /// <summary>
    /// Adds a statement. Enums become their names, null becomes SQL null; pass an <see cref="NpgsqlParameter"/> to name a type.
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
