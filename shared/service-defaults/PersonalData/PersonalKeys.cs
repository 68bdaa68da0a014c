using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A data key per person (AES-256-GCM), encrypted with the master key from configuration. A destroyed key is never replaced: personal text
/// that arrives afterwards is dropped, and text encrypted before reads as null. Keys are read from the database for each page and are not
/// cached, so that a destroyed key is gone from every replica at once.
/// </summary>
public sealed class PersonalKeys(IConfiguration configuration)
{
    internal const string Ddl = """
        ;create table if not exists data_keys (
            subject uuid primary key,
            wrapped bytea,
            created_at timestamptz not null default now(),
            destroyed_at timestamptz);
        grant select, insert, update on data_keys to :app
        """;

    const int NonceSize = 12,
        TagSize = 16,
        Looked = 50;
    readonly byte[] master =
        configuration.Key("PersonalData:MasterKey") ?? throw new SettingException("PersonalData:MasterKey", SettingValues.KeyExpected);
    readonly byte[]? previous = configuration.Key("PersonalData:PreviousMasterKey");

    public async ValueTask Seal(IReadOnlyList<object> events, NpgsqlConnection connection, CancellationToken ct)
    {
        var parts = Parts(events).Where(p => p.Sealed is null).ToList();
        if (parts.Count == 0)
            return;
        var keys = await Keys(parts.Select(p => p.Subject), create: true, connection, ct);
        foreach (var part in parts)
        {
            if (keys[part.Subject] is { } key)
                part.Seal(Encrypt(key, part.Plain(), part.Subject));
            else
                part.Open(null);
        }
    }

    public async ValueTask Open(IReadOnlyList<object> events, NpgsqlConnection connection, CancellationToken ct)
    {
        var parts = Parts(events).Where(p => p.Sealed is not null).ToList();
        if (parts.Count == 0)
            return;
        var keys = await Keys(parts.Select(p => p.Subject), create: false, connection, ct);
        foreach (var part in parts)
            part.Open(keys.GetValueOrDefault(part.Subject) is { } key ? Decrypt(key, part.Sealed!, part.Subject) : null);
    }

    /// <summary>The keys of these people; null for destroyed ones.</summary>
    async Task<Dictionary<Guid, byte[]?>> Keys(IEnumerable<Guid> subjects, bool create, NpgsqlConnection connection, CancellationToken ct)
    {
        Guid[] wanted = [.. subjects.Distinct().Order()];
        var keys = await Read();
        var missing = wanted.Where(s => !keys.ContainsKey(s)).ToArray();
        if (!create || missing.Length == 0)
            return keys;
        // If two writers create a person's first key at the same time, one waits here for the commit of the other, and both then read the
        // same key.
        await using (
            var insert = new NpgsqlCommand(
                "insert into data_keys (subject, wrapped) select * from unnest($1::uuid[], $2::bytea[]) on conflict (subject) do nothing",
                connection
            )
        )
        {
            insert.Parameters.Add(new() { Value = missing });
            insert.Parameters.Add(new() { Value = missing.Select(s => Encrypt(master, RandomNumberGenerator.GetBytes(32), s)).ToArray() });
            await insert.ExecuteNonQueryAsync(ct);
        }
        return await Read();

        async Task<Dictionary<Guid, byte[]?>> Read()
        {
            await using var select = new NpgsqlCommand("select subject, wrapped from data_keys where subject = any($1)", connection)
            {
                Parameters = { new() { Value = wanted } },
            };
            var found = new Dictionary<Guid, byte[]?>();
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
                found[rows.GetGuid(0)] = rows.IsDBNull(1) ? null : Unwrap(rows.GetFieldValue<byte[]>(1), rows.GetGuid(0));
            return found;
        }
    }

    /// <summary>Opens the first and the last keys that are stored: after a change of the master key those of before and after it.</summary>
    /// <exception cref="SettingException">One opens with neither of the master keys: those people could not be read.</exception>
    public async Task Check(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(
            $"""
            (select subject, wrapped from data_keys where wrapped is not null order by subject limit {Looked})
            union all
            (select subject, wrapped from data_keys where wrapped is not null order by subject desc limit {Looked})
            """
        );
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            try
            {
                Unwrap(rows.GetFieldValue<byte[]>(1), rows.GetGuid(0));
            }
            catch (AuthenticationTagMismatchException)
            {
                throw new SettingException(
                    previous is null ? "PersonalData:MasterKey" : "PersonalData:MasterKey or PersonalData:PreviousMasterKey",
                    "the key that encrypts the keys of the people in this database; if the master key was changed, the one before is "
                        + "PersonalData:PreviousMasterKey (docs/operating.md, Keys and secrets)"
                );
            }
    }

    byte[] Unwrap(byte[] wrapped, Guid subject)
    {
        try
        {
            return Decrypt(master, wrapped, subject);
        }
        catch (AuthenticationTagMismatchException) when (previous is not null)
        {
            return Decrypt(previous, wrapped, subject);
        }
    }

    static byte[] Encrypt(byte[] key, byte[] plain, Guid subject)
    {
        var result = new byte[NonceSize + plain.Length + TagSize];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            result.AsSpan(0, NonceSize),
            plain,
            result.AsSpan(NonceSize, plain.Length),
            result.AsSpan(NonceSize + plain.Length),
            subject.ToByteArray()
        );
        return result;
    }

    static byte[] Decrypt(byte[] key, byte[] sealedBytes, Guid subject)
    {
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            sealedBytes.AsSpan(0, NonceSize),
            sealedBytes.AsSpan(NonceSize, plain.Length),
            sealedBytes.AsSpan(NonceSize + plain.Length),
            plain,
            subject.ToByteArray()
        );
        return plain;
    }

    static IEnumerable<IPersonal> Parts(IReadOnlyList<object> events) =>
        events.OfType<IHasPersonal>().Select(e => e.PersonalPart).OfType<IPersonal>();
}

/// <summary>Destroys a person's key in the transaction of the fact that erases them.</summary>
public sealed class KeyDestruction : IProjection
{
    public string Name => "key-destruction";
    public string Ddl => "";

    public void Register(EventHandlers on) =>
        on.On<IErasesPerson>(
            (erased, e, sql) =>
                sql.Add(
                    """
                    insert into data_keys (subject, wrapped, destroyed_at) values ($1, null, $2)
                    on conflict (subject) do update set wrapped = null,
                        destroyed_at = coalesce(data_keys.destroyed_at, excluded.destroyed_at)
                    """,
                    erased.Person,
                    e.RecordedAt
                )
        );
}

/// <summary>Finds phones, e-mails and identity numbers by exact match without storing them: HMAC-SHA256 of the normalised value.</summary>
public sealed class PersonalIndex(IConfiguration configuration)
{
    readonly byte[] key =
        configuration.Key("PersonalData:IndexKey") ?? throw new SettingException("PersonalData:IndexKey", SettingValues.KeyExpected);

    /// <param name="kind">Distinguishes kinds: the same text has a different index as a phone and as an identity number.</param>
    /// <param name="normalised">The value in its normalised spelling.</param>
    public byte[] Of(string kind, string normalised) =>
        HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes($"{kind}:{normalised}"));
}
