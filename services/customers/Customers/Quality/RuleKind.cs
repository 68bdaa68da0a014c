namespace CrmPlatform.Customers.Quality;

/// <summary>What a rule asks. Each kind counts in one component of the score.</summary>
public enum RuleKind
{
    /// <summary>The field is filled: completeness, by its weight.</summary>
    Required,

    /// <summary>The value is written as such values are: validity, by its severity.</summary>
    Format,

    /// <summary>Two values agree: validity.</summary>
    CrossField,

    /// <summary>A table knows the value: validity.</summary>
    Reference,

    /// <summary>It was verified within so many days: timeliness.</summary>
    Fresh,
}
