using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>Publishes how customers are graded: the next run uses it. The same again changes nothing.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Indicators">The numbers that count; their weights add up to 1.</param>
/// <param name="Grades">From the best to the last, which begins at 0.</param>
/// <param name="Groups">Indicators that together give no more than a number of points; none if left out.</param>
/// <param name="Hysteresis">So many points below its beginning a grade is lost; 2 if left out.</param>
/// <param name="Terms">Where the terms are published by which a grade gives other prices of the same thing. Without it, grades steer
/// service alone (PIPL article 24).</param>
public sealed record PublishScheme(
    [property: Required, Label(80)] string Name,
    [property: Required, Length(1, 20)] IReadOnlyList<Indicator> Indicators,
    [property: Required, Length(1, 20)] IReadOnlyList<GradeFrom> Grades,
    [property: Length(0, 20)] IReadOnlyList<IndicatorGroup>? Groups = null,
    [property: Range(typeof(decimal), "0", "50")] decimal Hysteresis = GradeScheme.UsualHysteresis,
    [property: Label(200)] string? Terms = null
)
{
    internal const string Abc = "abc";

    internal static readonly string[] Refusals =
    [
        "scheme-built-in",
        "weights",
        "grades-not-covering",
        "indicator-twice",
        "group-twice",
        "group-unknown",
        "bounds",
        "source",
    ];

    public ISchemeEvent[] Decide(SchemeBook book, string code, DateTimeOffset now) =>
        Draft(book.Latest, code) is var draft && draft == book.Latest ? [] : [new GradeSchemePublished(draft, now)];

    /// <returns>The latest version where this says the same, else the version after it.</returns>
    /// <exception cref="RuleViolationException">One of <see cref="Refusals"/>.</exception>
    public GradeScheme Draft(GradeScheme? latest, string code)
    {
        if (code == Abc)
            throw new RuleViolationException("scheme-built-in", "The scheme 'abc' is built in: classes by share of revenue.", "code");
        Check();
        var same = new GradeScheme
        {
            Code = code,
            Version = latest?.Version ?? 1,
            Name = Name,
            Indicators = Indicators,
            Groups = Groups ?? [],
            Grades = Grades,
            Hysteresis = Hysteresis,
            Terms = Terms,
        };
        return same == latest ? latest : same with { Version = (latest?.Version ?? 0) + 1 };
    }

    void Check()
    {
        if (Math.Abs(Indicators.Sum(i => i.Weight) - 1) > 1e-9m)
            throw new RuleViolationException("weights", $"The weights add up to {Indicators.Sum(i => i.Weight)}, not to 1.", "indicators");
        var falls = Grades.Zip(Grades.Skip(1), (one, next) => one.From > next.From).All(f => f);
        if (!falls || Grades[^1].From != 0 || Grades.DistinctBy(g => g.Grade).Count() < Grades.Count)
            throw new RuleViolationException(
                "grades-not-covering",
                "Grades are different, each begins below the one before it, and the last begins at 0.",
                "grades"
            );
        for (var i = 0; i < Groups?.Count; i++)
            if (Groups.Take(i).Any(g => g.Id == Groups[i].Id))
                throw new RuleViolationException("group-twice", $"There is another group '{Groups[i].Id}'.", $"groups[{i}].id");
        for (var i = 0; i < Indicators.Count; i++)
            Check(Indicators[i], i);
    }

    void Check(Indicator one, int i)
    {
        if (Indicators.Take(i).Any(other => other.Id == one.Id))
            throw new RuleViolationException("indicator-twice", $"There is another indicator '{one.Id}'.", $"indicators[{i}].id");
        if (one.Source.Purchases is null == one.Source.Score is null)
            throw new RuleViolationException("source", "A source has exactly one member: purchases or score.", $"indicators[{i}].source");
        if (one.Group is not null && Groups?.Any(g => g.Id == one.Group) != true)
            throw new RuleViolationException("group-unknown", $"There is no group '{one.Group}'.", $"indicators[{i}].group");
        if (one.Norm == IndicatorNorm.MinMax ? !(one.Lo < one.Hi) : one.Lo is not null || one.Hi is not null)
            throw new RuleViolationException(
                "bounds",
                "minMax needs lo and hi, lo below hi; a percentile has neither.",
                $"indicators[{i}].{(one.Norm == IndicatorNorm.MinMax ? "hi" : "lo")}"
            );
    }

    public static void Map(CrmService room) =>
        room.MapPut(
                "grade-schemes/{code}",
                "Publish how customers are graded",
                "segmentation.grading.write",
                async ([Code] string code, PublishScheme command, Request request, EventStore store) =>
                    request.Done(await store.Write(request, SchemeBook.Of(code), book => command.Decide(book, code, request.Now)))
            )
            .Refuses(Refusals);
}
