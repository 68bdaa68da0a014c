namespace CrmPlatform.EventSourcing;

/// <summary>A read model: its tables, and the SQL that a fact means for them. Disposable: it can be rebuilt from the log.</summary>
public interface IProjection
{
    /// <summary>Names its progress; give it a new name (<c>portrait-2</c>) when its tables change.</summary>
    string Name { get; }

    /// <summary><c>create table if not exists …</c> with unqualified names: they land in schema <c>read</c>, or in the schema of a rebuild.</summary>
    string Ddl { get; }

    /// <summary>The facts that it wants; null means all. Others are neither read nor deserialized.</summary>
    IReadOnlySet<Type>? Handles => null;

    /// <summary>The pause between two pages, in the daemon: how fresh the view must be. A view that may be a moment late costs far fewer transactions.</summary>
    TimeSpan Rest => TimeSpan.FromMilliseconds(4);

    /// <summary>Adds the SQL of one fact. Pure: it sees nothing but the fact.</summary>
    void Project(RecordedEvent e, SqlBatch batch);

    /// <summary>
    /// Adds the SQL of a page of facts, in the daemon only. A projection that folds (reads its rows, then writes them) overrides this and reads
    /// on the connection; the transaction of its SQL is taken back when somebody else has moved the projection since the page began.
    /// </summary>
    Task ProjectPage(IReadOnlyList<RecordedEvent> page, NpgsqlConnection connection, SqlBatch batch, CancellationToken ct)
    {
        foreach (var e in page) Project(e, batch);
        return Task.CompletedTask;
    }
}

/// <summary>Follows the log in order and acts outside of the database. At least once: progress is kept after <see cref="Process"/> returns.</summary>
public interface ISubscription
{
    string Name { get; }

    IReadOnlySet<Type>? Handles => null;

    /// <summary>The pause between two pages; none by default, since what it does need not cost a transaction. With one, pages grow under load.</summary>
    TimeSpan Rest => TimeSpan.Zero;

    Task Process(IReadOnlyList<RecordedEvent> page, CancellationToken ct);
}

/// <summary>SQL statements that travel together in one round trip. Parameters are positional (<c>$1</c>).</summary>
public sealed class SqlBatch(NpgsqlBatch batch)
{
    public int Count => batch.BatchCommands.Count;

    /// <summary>Adds a statement. Enums become their names, null becomes SQL null; pass an <see cref="NpgsqlParameter"/> to name a type.</summary>
    public SqlBatch Add(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value switch { null => DBNull.Value, Enum e => e.ToString(), _ => value } });
        batch.BatchCommands.Add(command);
        return this;
    }
}
