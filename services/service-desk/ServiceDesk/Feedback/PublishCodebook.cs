namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>What a codebook would change among the latest texts. Nothing is written.</summary>
/// <param name="Texts">How many were read: the latest 1,000 at most of those that can still be read.</param>
/// <param name="Changed">How many would get other themes.</param>
/// <param name="Uncoded">How many would have none.</param>
/// <param name="Themes">Each theme that has any or would have any, by code.</param>
public sealed record CodebookPreview(int Texts, int Changed, int Uncoded, IReadOnlyList<ThemeChange> Themes);

/// <summary>How many texts are about a theme.</summary>
/// <param name="Code">Of the theme.</param>
/// <param name="Before">By the codebook that holds.</param>
/// <param name="After">By the one that is asked about.</param>
public sealed record ThemeChange(string Code, int Before, int After);

/// <summary>Publishes the themes that there are from now on; all texts are coded again by it. The same again is no new version.</summary>
/// <param name="Themes">All themes, at most 200, each parent before its children.</param>
public sealed record PublishCodebook([property: Required, MinLength(1), MaxLength(200)] IReadOnlyList<Theme> Themes)
{
    const int Latest = 1_000;

    public CodebookPublished[] Decide(Codebook codebook, string caller, DateTimeOffset now)
    {
        Check();
        return codebook.Themes.SequenceEqual(Themes) ? [] : [new CodebookPublished(codebook.Version + 1, Themes, caller, now)];
    }

    /// <exception cref="BadRequestException">The themes do not hold together.</exception>
    void Check()
    {
        var tops = new HashSet<string>();
        var codes = new HashSet<string>();
        foreach (var (i, theme) in Themes.Index())
        {
            if (!codes.Add(theme.Code))
                throw new BadRequestException($"themes[{i}].code", $"a code that no other theme has; {theme.Code} is twice there");
            if (theme.Parent is { } parent && !tops.Contains(parent))
                throw new BadRequestException($"themes[{i}].parent", "the code of a theme at the top, which stands before it");
            if (theme.Parent is null)
                tops.Add(theme.Code);
            if (theme.Names.Any(n => n.Key.Length is 0 or > 20 || n.Value is not { Length: > 0 and <= 60 }))
                throw new BadRequestException($"themes[{i}].names", "by language a name of 1 to 60 characters");
            if (theme.Phrases.Any(p => p is not { Length: > 1 and <= 60 } || !p.Any(char.IsLetterOrDigit)))
                throw new BadRequestException($"themes[{i}].phrases", "phrases of 2 to 60 characters, with letters or digits");
        }
    }

    public static void Map(CrmService room)
    {
        room.MapGet(
                "codebook",
                "The themes that there are",
                "service-desk.read",
                async (EventStore store, CancellationToken ct) =>
                {
                    var (codebook, _) = await store.Read(Codebook.Stream, ct);
                    return new CodebookView(codebook.Version, codebook.PublishedAt, codebook.Themes);
                }
            )
            .WithName("GetCodebook");

        room.MapPut(
            "codebook",
            "Publish the themes that there are",
            "service-desk.codebook",
            async (PublishCodebook command, Request request, EventStore store) =>
                request.Done(await store.Write(request, Codebook.Stream, codebook => command.Decide(codebook, request.Actor, request.Now)))
        );

        room.MapPost(
                "codebook/preview",
                "What a codebook would change among the latest 1,000 texts",
                "service-desk.codebook",
                async (PublishCodebook command, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                {
                    command.Check();
                    return await command.Preview(store, db, ct);
                }
            )
            .WithName("PreviewCodebook")
            .AtOnce(2);
    }

    async Task<CodebookPreview> Preview(EventStore store, NpgsqlDataSource db, CancellationToken ct)
    {
        var (codebook, _) = await store.Read(Codebook.Stream, ct);
        var (before, after) = (new ThemeRules(codebook.Themes), new ThemeRules(Themes));
        var ids = await db.Query<Guid>(
            "select feedback_id from feedback where not forgotten order by said_at desc limit @Latest",
            new { Latest },
            ct
        );
        var counts = new SortedDictionary<string, (int Before, int After)>(StringComparer.Ordinal);
        var (texts, changed, uncoded) = (0, 0, 0);
        foreach (var id in ids)
        {
            if (await CodeFeedback.TextOf(store, id, ct) is not { } text)
                continue;
            var (was, will) = (before.ThemesOf(text), after.ThemesOf(text));
            (texts, changed, uncoded) = (
                texts + 1,
                changed + (was.ToHashSet().SetEquals(will) ? 0 : 1),
                uncoded + (will.Length == 0 ? 1 : 0)
            );
            foreach (var theme in was.Union(will))
            {
                var (b, a) = counts.GetValueOrDefault(theme);
                counts[theme] = (b + (was.Contains(theme) ? 1 : 0), a + (will.Contains(theme) ? 1 : 0));
            }
        }
        return new(texts, changed, uncoded, [.. counts.Select(c => new ThemeChange(c.Key, c.Value.Before, c.Value.After))]);
    }
}

/// <summary>The codebook that holds.</summary>
/// <param name="Version">0 is the one that ships with the service.</param>
/// <param name="PublishedAt">Null of that one.</param>
/// <param name="Themes">All themes.</param>
public sealed record CodebookView(int Version, DateTimeOffset? PublishedAt, IReadOnlyList<Theme> Themes);
