using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The same Idempotency-Key came with another request body: 409.</summary>
public sealed class IdempotencyConflictException() : Exception("This Idempotency-Key was used with another request.");

/// <summary>
/// The optional Idempotency-Key header: the same key and request give the first answer again, after a restart too. The row is written in the
/// command's own transaction; it holds a keyed hash of the request, never its text. Successes only; kept for 7 days.
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";
    const string Body = "crm.idempotency.body";

    internal const string Ddl = """
        ;create table if not exists idempotency_keys (
            scope bytea primary key,
            request bytea not null,
            stream_id uuid not null,
            version bigint not null,
            id uuid,
            location text,
            answered bool not null default false,
            created_at timestamptz not null default now());
        create index if not exists idempotency_keys_age on idempotency_keys (created_at);
        grant select, insert, update, delete on idempotency_keys to :app
        """;

    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder route) => route.WithMetadata(new Marker()).AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var key = http.Request.Headers[Header].ToString();
        if (key is "") return await next(context);
        if (key.Length > 200) throw new BadRequestException(Header, "at most 200 characters");
        // The key itself is stored nowhere, so the hash of a short body cannot be guessed from a dump.
        var (scope, request) = (SHA256.HashData(Encoding.UTF8.GetBytes($"{Scope(http)}\n{key}")), HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])http.Items[Body]!));
        var db = http.RequestServices.GetRequiredService<NpgsqlDataSource>();
        if (await First(db, scope, request, http.RequestAborted) is { } first) return first;
        var written = false;
        var made = context.Arguments.OfType<NewId>().Select(id => (Guid?)id.Value).FirstOrDefault();
        WriteScope.Current!.Alongside = (results, sql) =>
        {
            written = true;
            sql.Add("insert into idempotency_keys (scope, request, stream_id, version, id) values ($1, $2, $3, $4, $5)", scope, request, results[0].StreamId, results[0].Version, made ?? results[0].StreamId);
        };
        object? answer;
        try { answer = await next(context); }
        catch (Exception e) when (e is PostgresException { ConstraintName: "idempotency_keys_pkey" } or RuleViolationException or DuplicateException or StaleVersionException)
        {
            // A twin was quicker: its answer counts, also where the rule that it used up refuses this one.
            if (await First(db, scope, request, http.RequestAborted) is { } twins) return twins;
            throw;
        }
        if (written && answer is Answer.Acknowledged done) await Keep(db, scope, done, http.RequestAborted);
        return answer;
    });

    /// <summary>Reads the body of keyed requests once, before it is bound, for its hash.</summary>
    internal static async Task HashBody(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey(Header) && context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null)
        {
            context.Request.EnableBuffering(bufferThreshold: 64 * 1024);
            context.Items[Body] = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            context.Request.Body.Position = 0;
        }
        await next(context);
    }

    internal static string Scope(HttpContext http) => $"{http.User.FindFirst("sub")?.Value} {http.Request.Method} {http.Request.Path}";

    internal static Task<int> Forget(NpgsqlConnection connection, DateTimeOffset before) =>
        connection.ExecuteAsync("delete from idempotency_keys where created_at < @before", new { before });

    static async Task<IResult?> First(NpgsqlDataSource db, byte[] scope, byte[] request, CancellationToken ct)
    {
        for (var wait = 0; ; wait++)
        {
            await using var connection = await db.OpenConnectionAsync(ct);
            var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                "select request, stream_id as StreamId, version, id, location, answered from idempotency_keys where scope = @scope", new { scope }, cancellationToken: ct));
            if (row is null) return null;
            if (!CryptographicOperations.FixedTimeEquals(row.Request, request)) throw new IdempotencyConflictException();
            if (row.Answered) return new Answer.Acknowledged(new(row.Id!.Value, row.Version), row.Location);
            // Committed, but the answer is not noted yet. If the first process died just there, nobody has seen an answer: this is the first, about what it made.
            if (wait == 100) return new Answer.Acknowledged(new(row.Id ?? row.StreamId, row.Version), null);
            await Task.Delay(10, ct);
        }
    }

    static async Task Keep(NpgsqlDataSource db, byte[] scope, Answer.Acknowledged done, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("update idempotency_keys set id = @Id, version = @Version, location = @Location, answered = true where scope = @scope",
            new { done.Changed.Id, done.Changed.Version, done.Location, scope }, cancellationToken: ct));
    }

    sealed class Row
    {
        public byte[] Request { get; set; } = [];
        public Guid StreamId { get; set; }
        public long Version { get; set; }
        public Guid? Id { get; set; }
        public string? Location { get; set; }
        public bool Answered { get; set; }
    }

    internal sealed class Marker;
}
