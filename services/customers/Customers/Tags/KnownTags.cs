namespace CrmPlatform.Customers.Tags;

/// <summary>Reads the dictionary: what a word stands for now, and what it stood for before.</summary>
public sealed class KnownTags(NpgsqlDataSource db)
{
    sealed record Alias(string Code, string Canonical);

    /// <summary>The codes of these words, each once, in their order: that of a joined word is the one that it was joined into.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CodesOf(IEnumerable<string> words, CancellationToken ct)
    {
        string[] wanted = [.. words.Select(Keys.Normal).Distinct()];
        if (wanted.Length == 0)
            return new Dictionary<string, string>();
        var joined = (
            await db.Query<Alias>(
                "select code, canonical from tag_dictionary where code = any(@wanted) and canonical <> code",
                new { wanted },
                ct
            )
        ).ToDictionary(a => a.Code, a => a.Canonical);
        return wanted.ToDictionary(w => w, w => joined.GetValueOrDefault(w, w));
    }

    public async Task<string> CodeOf(string word, CancellationToken ct) => (await CodesOf([word], ct))[Keys.Normal(word)];

    /// <summary>All codes that mean the same as this word, as it is spelled and normalised.</summary>
    public async Task<string[]> SameAs(string word, CancellationToken ct) => [.. (
                await db.Query<string>(
                    """
                    select same.code from tag_dictionary d join tag_dictionary same on same.canonical = d.canonical where d.code = @code
                    """,
                    new { code = Keys.Normal(word) },
                    ct
                )
            ).Append(Keys.Normal(word)).Append(word).Distinct()];

    /// <summary>The joins that these codes went through.</summary>
    public async Task<TagJoins> JoinsOf(IEnumerable<string> codes, CancellationToken ct)
    {
        string[] wanted = [.. codes.Distinct()];
        return wanted.Length == 0
            ? TagJoins.None
            : new(
                (
                    await db.Query<TagJoins.Join>(
                        """
                        with recursive joins as (
                            select code, into_code, joined_at from tag_dictionary where code = any(@wanted) and into_code is not null
                            union
                            select d.code, d.into_code, d.joined_at from joins j join tag_dictionary d on d.code = j.into_code
                            where d.into_code is not null)
                        select code, into_code as "into", joined_at as at from joins
                        """,
                        new { wanted },
                        ct
                    )
                ).ToDictionary(j => j.Code)
            );
    }
}
