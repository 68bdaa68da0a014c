namespace CrmPlatform.Customers.Quality;

/// <summary>What breaking a rule means.</summary>
public enum RuleSeverity
{
    /// <summary>A finding that costs no validity.</summary>
    Info,

    /// <summary>A finding that costs 0.2 of validity.</summary>
    Warn,

    /// <summary>Profiles that break it are refused; where it is broken already, it is a finding that costs 0.5 of validity.</summary>
    Block,
}
