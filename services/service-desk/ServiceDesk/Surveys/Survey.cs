using System.Collections.Immutable;

namespace CrmPlatform.ServiceDesk.Surveys;

public interface ISurveyEvent;

/// <param name="Version">1 for the first.</param>
public sealed record SurveyPublished(string Code, int Version, SurveyContent Content, DateTimeOffset OccurredAt) : ISurveyEvent;

/// <summary>From here on nobody is invited and no answer counts.</summary>
public sealed record SurveyClosed(DateTimeOffset OccurredAt) : ISurveyEvent;

/// <summary>A survey: all versions that were published, since an invitation keeps its own.</summary>
public sealed record Survey : IAggregate<Survey, ISurveyEvent>
{
    public static Survey Initial { get; } = new();

    public static Stream<Survey, ISurveyEvent> Of(string code) => Of(IdOf(code));

    public static Stream<Survey, ISurveyEvent> Of(Guid id) => new(id);

    public static Guid IdOf(string code) => NameId.For("survey", code);

    public string Code { get; private init; } = "";
    public ImmutableList<SurveyContent> Versions { get; private init; } = [];
    public DateTimeOffset? ClosedAt { get; private init; }

    public int Version => Versions.Count;
    public bool Exists => Version > 0;
    public SurveyContent Latest => Versions[^1];

    /// <summary>Since its date or its closing, whichever came first.</summary>
    public bool IsClosed(DateTimeOffset at) => ClosedAt <= at || (Exists && Latest.ClosesAt <= at);

    public Survey Evolve(ISurveyEvent @event) =>
        @event switch
        {
            SurveyPublished e => this with { Code = e.Code, Versions = Versions.Add(e.Content) },
            SurveyClosed e => this with { ClosedAt = e.OccurredAt },
            _ => this,
        };
}
