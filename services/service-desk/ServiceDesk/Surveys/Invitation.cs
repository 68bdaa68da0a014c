using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>One customer, one survey, one reason to ask: asked or suppressed, and what came of it.</summary>
public sealed record Invitation : IAggregate<Invitation, IInvitationEvent>
{
    /// <summary>How often an answer can be changed: whoever has the link could fill the log.</summary>
    public const int MostRevisions = 10;

    /// <summary>How long after it was given an answer can be changed.</summary>
    public static readonly TimeSpan RevisedWithin = TimeSpan.FromHours(24);

    public static Invitation Initial { get; } = new();

    public static Stream<Invitation, IInvitationEvent> Of(Guid id) => new(id);

    /// <param name="trigger">Why they are asked: a ticket or a wave. The same twice is one invitation.</param>
    public static Guid IdOf(Guid survey, Guid customer, string trigger) =>
        NameId.For("invitation", survey.ToString(), customer.ToString(), trigger);

    public static string AfterTicket(Guid ticket) => $"ticket:{ticket}";

    public static string OfWave(string wave) => $"wave:{wave}";

    /// <summary>Null if the customer was not asked.</summary>
    public InvitationMade? Made { get; private init; }
    public bool Suppressed { get; private init; }
    public bool Reminded { get; private init; }
    public bool Expired { get; private init; }
    public DateTimeOffset? FinishedAt { get; private init; }
    public int Revisions { get; private init; }
    public DateTimeOffset LastAt { get; private init; }

    /// <summary>As answered last.</summary>
    public IReadOnlyList<CodedAnswer> Answers { get; private init; } = [];
    public int? Score { get; private init; }

    /// <summary>Hashes of what was written last, by question: a state holds no personal text.</summary>
    public ImmutableDictionary<string, Guid> Texts { get; private init; } = ImmutableDictionary<string, Guid>.Empty;

    public bool Exists => Made is not null || Suppressed;

    /// <summary>It was answered, and can be changed no more.</summary>
    public bool IsSpent(DateTimeOffset at) => FinishedAt is { } then && (at > then + RevisedWithin || Revisions >= MostRevisions);

    public Invitation Evolve(IInvitationEvent @event) =>
        @event switch
        {
            InvitationMade e => this with { Made = e, LastAt = e.OccurredAt },
            InvitationSuppressed => this with { Suppressed = true },
            InvitationReminded => this with { Reminded = true },
            InvitationExpired => this with { Expired = true },
            SurveyFinished e => Answered(e) with { FinishedAt = e.OccurredAt },
            AnswerRevised e => Answered(e) with { Revisions = Revisions + 1 },
            _ => this,
        };

    /// <summary>Whether this is what was written last.</summary>
    public bool Wrote(IReadOnlyDictionary<string, string> texts) => Hashed(texts).All(Texts.Contains);

    static IEnumerable<KeyValuePair<string, Guid>> Hashed(IReadOnlyDictionary<string, string> texts) =>
        texts.Select(t => KeyValuePair.Create(t.Key, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(t.Value)).AsSpan(0, 16))));

    Invitation Answered(IAnswered e) =>
        this with
        {
            Answers = e.Answers,
            Score = e.Score,
            Texts = e.Personal?.Value is { } texts ? Texts.SetItems(Hashed(texts.ByQuestion)) : Texts,
            LastAt = e.OccurredAt,
        };

    /// <summary>What has come about by an instant by time alone, dated at its own.</summary>
    public IEnumerable<IInvitationEvent> DueBy(DateTimeOffset at)
    {
        if (Made is { } made && FinishedAt is null && !Expired && made.ExpiresAt <= at)
            yield return new InvitationExpired(made.CustomerId, made.ExpiresAt);
    }
}
