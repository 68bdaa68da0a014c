using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace CrmPlatform.PlatformBare;

/// <summary>What a shop sends to the platform too.</summary>
sealed record Purchase(
    string Source,
    string OrderNumber,
    CustomerNumber Customer,
    string Channel,
    string Currency,
    DateTimeOffset OccurredAt,
    Line[] Lines
);

sealed record CustomerNumber(string System, string Value);

sealed record Line(string ProductId, string Category, decimal Quantity, decimal Net);

/// <summary>One table in a database of its own; a pool as the rooms have it: statements are prepared, sessions are not reset.</summary>
sealed class Purchases : IAsyncDisposable
{
    const string Name = "bare";
    const string Table = """
        create table purchases (id uuid primary key, source text not null, order_number text not null, customer_system text not null,
            customer text not null, channel text not null, currency text not null, occurred_at timestamptz not null, lines jsonb not null)
        """;
    const string Insert = """
        insert into purchases (id, source, order_number, customer_system, customer, channel, currency, occurred_at, lines)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;
    const string Select = """
        select source, order_number, customer_system, customer, channel, currency, occurred_at, lines from purchases where id = $1
        """;

    readonly NpgsqlDataSource db;

    Purchases(string server) =>
        db = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(server)
            {
                Database = Name,
                MaxPoolSize = 25,
                MaxAutoPrepare = 20,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
                Options = "-c jit=off",
            }
        );

    /// <summary>Begins with an empty table.</summary>
    public static async Task<Purchases> Open(string server)
    {
        await using (var admin = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Pooling = false }))
            foreach (var statement in new[] { $"drop database if exists {Name} with (force)", $"create database {Name}" })
                await Run(admin, statement);
        var purchases = new Purchases(server);
        await Run(purchases.db, Table);
        return purchases;
    }

    public async Task<Purchase?> Get(Guid id, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Select);
        Add(command, NpgsqlDbType.Uuid, id);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        return new(
            row.GetString(0),
            row.GetString(1),
            new(row.GetString(2), row.GetString(3)),
            row.GetString(4),
            row.GetString(5),
            row.GetFieldValue<DateTimeOffset>(6),
            JsonSerializer.Deserialize<Line[]>(row.GetFieldValue<byte[]>(7), JsonSerializerOptions.Web)!
        );
    }

    public async Task Add(Guid id, Purchase p, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Insert);
        Add(command, NpgsqlDbType.Uuid, id);
        foreach (var text in new[] { p.Source, p.OrderNumber, p.Customer.System, p.Customer.Value, p.Channel, p.Currency })
            Add(command, NpgsqlDbType.Text, text);
        Add(command, NpgsqlDbType.TimestampTz, p.OccurredAt.ToUniversalTime());
        Add(command, NpgsqlDbType.Jsonb, JsonSerializer.SerializeToUtf8Bytes(p.Lines, JsonSerializerOptions.Web));
        await command.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();

    static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T value) =>
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });

    static async Task Run(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
