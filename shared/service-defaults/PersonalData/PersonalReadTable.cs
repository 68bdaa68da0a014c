using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One person's text that was shown to somebody.</summary>
/// <param name="Id">Id of the row.</param>
/// <param name="At">When it was shown.</param>
/// <param name="Client">The program that the token was given to.</param>
/// <param name="Subject">Whom the token is about: a person who works with the program, or the program itself.</param>
/// <param name="Actor">Who acts in the subject's place (claim <c>act</c>), if anybody does.</param>
/// <param name="Operation">The name of the operation, as in the API's description.</param>
/// <param name="CorrelationId">Of the request that showed it.</param>
public sealed record PersonalRead(
    Guid Id,
    DateTimeOffset At,
    string? Client,
    string? Subject,
    string? Actor,
    string Operation,
    Guid CustomerId,
    string? CorrelationId
);

/// <summary>The table of these reads, in the room's own database. Rows are added, never changed, and deleted when they are old.</summary>
static class PersonalReadTable
{
    public const string Ddl = """
        ;create table if not exists personal_reads (
            id uuid primary key,
            at timestamptz not null,
            client text,
            subject text,
            actor text,
            operation text not null,
            customer_id uuid not null,
            correlation_id text);
        create index if not exists personal_reads_at on personal_reads (at, id);
        create index if not exists personal_reads_customer on personal_reads (customer_id, at, id);
        grant select, insert, delete on personal_reads to :app
        """;

    /// <summary>Adds rows. May be repeated: a row that is there already stays as it is.</summary>
    public static async Task Add(NpgsqlDataSource db, IReadOnlyList<PersonalRead> rows, CancellationToken ct)
    {
        await using var command = db.CreateCommand(
            """
            insert into personal_reads (id, at, client, subject, actor, operation, customer_id, correlation_id)
            select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[])
            on conflict (id) do nothing
            """
        );
        Column(r => r.Id);
        Column(r => r.At.ToUniversalTime());
        Column(r => r.Client);
        Column(r => r.Subject);
        Column(r => r.Actor);
        Column(r => r.Operation);
        Column(r => r.CustomerId);
        Column(r => r.CorrelationId);
        await command.ExecuteNonQueryAsync(ct);

        void Column<T>(Func<PersonalRead, T> of) => command.Parameters.Add(new() { Value = rows.Select(of).ToArray() });
    }
}

/// <summary>Deletes rows when they are older than <c>PersonalData:KeepReadsDays</c>: three years, if nothing else is set.</summary>
public sealed class PersonalReadRetention(NpgsqlDataSource db, TimeProvider clock, IConfiguration configuration) : IPeriodic
{
    const int AtOnce = 10_000;
    readonly int days = (int)Math.Min(configuration.Whole("PersonalData:KeepReadsDays", 1_096, least: 1), 36_500);

    public string Name => "personal-reads-retention";
    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(CancellationToken ct)
    {
        await using var command = db.CreateCommand(
            "delete from personal_reads where id in (select id from personal_reads where at < $1 order by at limit $2)"
        );
        command.Parameters.Add(new() { Value = clock.GetUtcNow().AddDays(-days) });
        command.Parameters.Add(new() { Value = AtOnce });
        while (await command.ExecuteNonQueryAsync(ct) == AtOnce)
            ct.ThrowIfCancellationRequested();
    }
}
