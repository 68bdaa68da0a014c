using CrmPlatform.Loyalty.Care.Calendar;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Care;

/// <summary>Whom the company greets when, on which channel and with what (section <c>Care</c>). Data, checked at start.</summary>
public sealed class CarePlan
{
    /// <summary>Raised with every change of the occasions: each customer's next occasion is then looked up anew, once.</summary>
    public int Version { get; set; } = 1;

    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after its hour an occasion is still worth a message. What is older is recorded as passed over.</summary>
    public TimeSpan StillWorth { get; set; } = TimeSpan.FromDays(2);

    /// <summary>The purpose for which a customer must have consented on the message's channel. No consent, no message.</summary>
    public string ConsentPurpose { get; set; } = "marketing";

    public LeapDayRule LeapDay { get; set; } = LeapDayRule.February28;

    /// <summary>By code: <c>birthday</c>, <c>spring-festival</c>.</summary>
    public Dictionary<string, CareOccasion> Occasions { get; } = [];

    public IEnumerable<KeyValuePair<string, CareOccasion>> Enabled =>
        Occasions.Where(o => o.Value.Enabled).OrderBy(o => o.Key, StringComparer.Ordinal);

    /// <summary>Null when the plan holds together, else what is wrong.</summary>
    public string? Fault(IReadOnlyCollection<string> tiers)
    {
        if (Version < 1 || Every <= TimeSpan.Zero || StillWorth <= TimeSpan.Zero || !Codes.IsCode(ConsentPurpose))
            return "Version, Every, StillWorth and ConsentPurpose must say something";
        foreach (var (code, o) in Occasions)
        {
            if (!Codes.IsCode(code) || !Codes.IsCode(o.PublishedAs(code)))
                return $"{code}: an occasion's code has lower-case letters, digits and hyphens";
            if (o.Hour is < 0 or > 23 || o.LeadDays is < 0 or > 60 || o.Points is < 0 or > LoyaltyRules.MostPoints)
                return $"{code}: hours are 0 to 23, lead days 0 to 60, points not negative";
            if (o.Kind == OccasionKind.Solar && !SolarYear.Has(o.Month, o.Day))
                return $"{code}: there is no {o.Month}-{o.Day} in any year";
            if (o.Kind == OccasionKind.Lunar && (o.Month is < 1 or > 12 || o.Day is < 1 or > 30))
                return $"{code}: there is no lunar {o.Month}-{o.Day}";
            if (o.Messages.Count(m => m is { Tier: null, Language: null }) != 1)
                return $"{code}: exactly one message must be for everybody";
            if (o.Messages.DistinctBy(m => (m.Tier, m.Language)).Count() != o.Messages.Count)
                return $"{code}: two messages for the same tier and language";
            if (o.Messages.FirstOrDefault(m => m.Tier is not null && !tiers.Contains(m.Tier)) is { } wrong)
                return $"{code}: there is no tier {wrong.Tier}";
            if (o.Messages.Any(m => !Codes.IsCode(m.Channel) || !Codes.IsCode(m.Content)))
                return $"{code}: channel and content are codes";
        }
        return null;
    }
}

/// <summary>One occasion of the plan.</summary>
public sealed class CareOccasion
{
    public bool Enabled { get; set; } = true;
    public OccasionKind Kind { get; set; }

    /// <summary>Of a festival.</summary>
    public int Month { get; set; }
    public int Day { get; set; }

    /// <summary>Hour of the day in the business's zone.</summary>
    public int Hour { get; set; } = 9;

    /// <summary>So many days before the occasion itself.</summary>
    public int LeadDays { get; set; }

    /// <summary>Given to the account together with the greeting.</summary>
    public long Points { get; set; }

    /// <summary>The code under which others hear of it; see <see cref="PublishedAs"/>.</summary>
    public string? Publish { get; set; }

    public IList<CareMessage> Messages { get; } = [];

    /// <summary>
    /// That a day is somebody's birthday does not leave the room: it is an <c>anniversary</c> like the others, unless the plan says
    /// otherwise.
    /// </summary>
    public string PublishedAs(string code) =>
        Publish ?? (Kind is OccasionKind.Birthday or OccasionKind.Registration or OccasionKind.FirstPurchase ? "anniversary" : code);

    /// <summary>The message for tier and language, else for the tier, else for the language, else the one for everybody.</summary>
    public CareMessage For(string? tier, string? language) =>
        Messages.FirstOrDefault(m => m.Tier is not null && m.Tier == tier && m.Speaks(language))
        ?? Messages.FirstOrDefault(m => m.Tier is not null && m.Tier == tier && m.Language is null)
        ?? Messages.FirstOrDefault(m => m.Tier is null && m.Speaks(language))
        ?? Messages.First(m => m is { Tier: null, Language: null });
}

/// <summary>What is sent on which channel; the content is a code that whoever sends it knows.</summary>
public sealed class CareMessage
{
    /// <summary>Only for members of this tier; null for all.</summary>
    public string? Tier { get; set; }

    /// <summary>Only for speakers of this language, a BCP 47 tag or its beginning: <c>zh</c> speaks to zh-CN too; null for all.</summary>
    public string? Language { get; set; }

    /// <summary>How it is sent, as a code: <c>email</c>.</summary>
    public string Channel { get; set; } = "";

    /// <summary>What is sent, as a code that whoever sends it knows.</summary>
    public string Content { get; set; } = "";

    internal bool Speaks(string? language) =>
        Language is not null
        && language is not null
        && (
            language.Equals(Language, StringComparison.OrdinalIgnoreCase)
            || language.StartsWith(Language + "-", StringComparison.OrdinalIgnoreCase)
        );
}
