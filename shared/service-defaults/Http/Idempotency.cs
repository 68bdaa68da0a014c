using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.ServiceDefaults;

/// <summary>The Idempotency-Key was already used with a different request body: 409.</summary>
public sealed class IdempotencyConflictException() : Exception("This Idempotency-Key was used with another request.");

/// <summary>
/// The optional Idempotency-Key header: the same key with the same request returns the first answer again, also after a restart. The row is
/// written in the command's own transaction, so it exists only if the command took effect. It holds a keyed hash of the request, never its
/// text. Only successes are stored, for 7 days.
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";
    const string Body = "crm.idempotency.body";

    /// <summary>Earlier versions stored the answer after the commit and wait until <c>answered</c> is true.</summary>
    const string Keep = """
        insert into idempotency_keys (scope, request, stream_id, version, id, location, answered) values ($1, $2, $3, $4, $5, $6, true)
        """;

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

    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder route) =>
        route
            .WithMetadata(new Marker())
            .AddEndpointFilter(
                async (context, next) =>
                {
                    var http = context.HttpContext;
                    var key = http.Request.Headers[Header].ToString();
                    if (key is "")
                        return await next(context);
                    if (http.Request.Headers[Header].Count > 1)
                        throw new BadRequestException(Header, "given once");
                    if (key.Length > 200)
                        throw new BadRequestException(Header, "at most 200 characters");
                    // The key itself is not stored, so the hash of a short body cannot be guessed from a database dump.
                    var (scope, body) = (
                        SHA256.HashData(Encoding.UTF8.GetBytes($"{Scope(http)}\n{key}")),
                        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), (byte[])http.Items[Body]!)
                    );
                    var db = http.RequestServices.GetRequiredService<NpgsqlDataSource>();
                    if (await First(db, scope, body, http.RequestAborted) is { } first)
                        return first;
                    var request = context.Arguments.OfType<Request>().Single();
                    request.Key = (done, sql) =>
                    {
                        var answer = request.Acknowledge(done);
                        sql.Add(Keep, scope, body, done.StreamId, answer.Changed.Version, answer.Changed.Id, answer.Location);
                    };
                    try
                    {
                        return await next(context);
                    }
                    catch (Exception e)
                        when (e
                                is PostgresException { ConstraintName: "idempotency_keys_pkey" }
                                    or RuleViolationException
                                    or DuplicateException
                                    or StaleVersionException
                        )
                    {
                        // A concurrent request with the same key was first: return its answer, even if this one is refused because the
                        // first took effect (a stock that is used up, a version that is stale).
                        if (await First(db, scope, body, http.RequestAborted) is { } winner)
                            return winner;
                        throw;
                    }
                }
            );

    /// <summary>Hashes the body of requests with an Idempotency-Key before it is bound.</summary>
    internal static async Task HashBody(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.ContainsKey(Header) && context.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null)
        {
            // In memory, up to Http:MaxBodyBytes: the framework's own buffering writes what is larger to a file, in clear.
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            context.Items[Body] = SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length));
            body.Position = 0;
            context.Request.Body = body;
        }
        await next(context);
    }

    /// <summary>The hash of the request's body; empty where none was made.</summary>
    internal static string BodyOf(HttpContext http) => http.Items[Body] is byte[] hash ? Convert.ToHexStringLower(hash) : "";

    /// <summary>The caller and what they do: the route with its values, however the path is spelled.</summary>
    internal static string Scope(HttpContext http) => $"{http.User.Subject()} {http.Request.Method} {Path(http)}";

    static string Path(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern: var pattern })
            return http.Request.Path;
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(
                    part switch
                    {
                        RoutePatternLiteralPart literal => literal.Content,
                        RoutePatternParameterPart { Name: var name } => http.Request.RouteValues[name] is string value
                            ? Guid.TryParse(value, out var id)
                                ? id.ToString()
                                : value
                            : null,
                        _ => null,
                    }
                );
        }
        return path.ToString();
    }

    internal static Task<int> Forget(NpgsqlConnection connection, DateTimeOffset before) =>
        connection.ExecuteAsync("delete from idempotency_keys where created_at < @before", new { before });

    static async Task<IResult?> First(NpgsqlDataSource db, byte[] scope, byte[] body, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(
                "select request as Body, stream_id as StreamId, version, id, location from idempotency_keys where scope = @scope",
                new { scope },
                cancellationToken: ct
            )
        );
        if (row is null)
            return null;
        if (!CryptographicOperations.FixedTimeEquals(row.Body, body))
            throw new IdempotencyConflictException();
        return new Answer.Acknowledged(new(row.Id ?? row.StreamId, row.Version), row.Location);
    }

    sealed class Row
    {
        public byte[] Body { get; set; } = [];
        public Guid StreamId { get; set; }
        public long Version { get; set; }
        public Guid? Id { get; set; }
        public string? Location { get; set; }
    }

    internal sealed class Marker;
}
