namespace CrmPlatform.Segmentation.Grading;

public interface ISchemeEvent;

public sealed record GradeSchemePublished(GradeScheme Scheme, DateTimeOffset OccurredAt) : ISchemeEvent;

/// <summary>What has been published under a code.</summary>
/// <param name="Latest">Null: nothing.</param>
public sealed record SchemeBook(GradeScheme? Latest) : IAggregate<SchemeBook, ISchemeEvent>
{
    public static SchemeBook Initial { get; } = new((GradeScheme?)null);

    public static Stream<SchemeBook, ISchemeEvent> Of(string code) => new(NameId.For("grade-scheme", code));

    public SchemeBook Evolve(ISchemeEvent @event) => @event is GradeSchemePublished e ? new(e.Scheme) : this;

    public GradeScheme Existing(string code) => Latest ?? throw new NotFoundException("grade scheme", code);
}
