using System.Text.Json;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Every model with what was computed, and which one is active.</summary>
public sealed class ModelList : IProjection
{
    public string Name => "lifetime-models";

    public string Ddl =>
        """
            create table if not exists lifetime_models (
                model_id uuid primary key, as_of date not null, kind text not null, margin numeric not null, customers int not null,
                computed_at timestamptz not null, state text not null, since timestamptz not null, reason text, computed jsonb not null);
            create index if not exists lifetime_models_newest on lifetime_models (computed_at, model_id);
            create index if not exists lifetime_models_active on lifetime_models (since) where state = 'active';
            """;

    public void Register(EventHandlers on) =>
        on.On<ModelComputed>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        insert into lifetime_models (model_id, as_of, kind, margin, customers, computed_at, state, since, computed)
                        values ($1, $2, $3, $4, $5, $6, 'computed', $6, $7::jsonb)
                        """,
                        e.StreamId,
                        m.AsOf,
                        Word(m.Kind),
                        m.Margin,
                        m.Customers,
                        m.OccurredAt,
                        JsonSerializer.Serialize(m, EventStoreOptions.Json)
                    )
            )
            .On<ModelActivated>((m, e, sql) => Becomes(sql, e.StreamId, ModelState.Active, m.OccurredAt, null))
            .On<ModelSuperseded>((m, e, sql) => Becomes(sql, e.StreamId, ModelState.Superseded, m.OccurredAt, null))
            .On<ModelRejected>((m, e, sql) => Becomes(sql, e.StreamId, ModelState.Rejected, m.OccurredAt, m.Reason));

    static void Becomes(SqlBatch sql, Guid id, ModelState state, DateTimeOffset since, string? reason) =>
        sql.Add(
            "update lifetime_models set state = $2, since = $3, reason = $4 where model_id = $1",
            id,
            Word(state),
            since,
            new NpgsqlParameter { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
        );

    static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>The model that customers are scored with.</summary>
    /// <exception cref="RuleViolationException">There is none: <c>model-not-active</c>.</exception>
    public static async Task<ActiveModel> Active(NpgsqlDataSource db, CancellationToken ct)
    {
        var found = await db.QuerySingleOrDefault<(Guid Id, string Computed)?>(
            "select model_id, computed::text from lifetime_models where state = 'active' order by since desc limit 1",
            null,
            ct
        );
        return found is { } model
            ? new(model.Id, JsonSerializer.Deserialize<ModelComputed>(model.Computed, EventStoreOptions.Json)!)
            : throw new RuleViolationException("model-not-active", "No model of lifetime is active: fit one and activate it.");
    }
}

/// <param name="Computed">Its parameters, and what they were fitted to.</param>
public sealed record ActiveModel(Guid Id, ModelComputed Computed)
{
    public Scorer Scorer => new(Computed.Purchases.Model, Computed.Value.Model, (double)Computed.Margin);
}
