using System.Collections.Immutable;

namespace CrmPlatform.Customers.Tags;

/// <summary>A word of the dictionary. Its code is for ever; what it is called and what holds for whom it is given may change.</summary>
/// <param name="Code">Null while nobody has used or defined it.</param>
/// <param name="Retired">It is given to nobody any more; who has it keeps it.</param>
/// <param name="Into">The tag that it was joined into.</param>
/// <param name="Also">The codes that were joined into it, directly or through others: who has one of them has this tag.</param>
public sealed record Tag(string? Code, TagDefinition Definition, bool Retired, string? Into, ImmutableList<string> Also)
    : IAggregate<Tag, ITagEvent>
{
    public static Tag Initial { get; } = new(null, TagDefinition.Plain, false, null, []);

    /// <param name="code">Normalised (<see cref="Keys"/>).</param>
    public static Guid IdOf(string code) => NameId.For("tag", code);

    /// <inheritdoc cref="IdOf"/>
    public static Stream<Tag, ITagEvent> Of(string code) => new(IdOf(code));

    public Tag Evolve(ITagEvent @event) =>
        @event switch
        {
            TagDefined e => this with { Code = e.Code, Definition = e.Definition },
            TagRevised e => this with { Definition = e.Definition },
            TagRetired => this with { Retired = true },
            TagJoined e => this with { Into = e.Into },
            TagTookIn e => this with { Also = Also.AddRange(e.Codes) },
            _ => this,
        };

    /// <exception cref="RuleViolationException"><c>tag-unknown</c>: nobody has used or defined it.</exception>
    public Tag Known(string field) =>
        Code is null
            ? throw new RuleViolationException("tag-unknown", "There is no such tag: nobody has defined it or given it to anybody.", field)
            : this;
}

public interface ITagEvent;

/// <summary>A word became a tag: somebody defined it, or gave it to a customer for the first time.</summary>
public sealed record TagDefined(string Code, TagDefinition Definition, DateTimeOffset OccurredAt) : ITagEvent;

public sealed record TagRevised(TagDefinition Definition, DateTimeOffset OccurredAt) : ITagEvent;

public sealed record TagRetired(DateTimeOffset OccurredAt) : ITagEvent;

/// <summary>From now on this tag is a spelling of the other.</summary>
public sealed record TagJoined(string Into, DateTimeOffset OccurredAt) : ITagEvent;

/// <summary>The other side of <see cref="TagJoined"/>, with what had been joined into that tag before.</summary>
public sealed record TagTookIn(IReadOnlyList<string> Codes, DateTimeOffset OccurredAt) : ITagEvent;
