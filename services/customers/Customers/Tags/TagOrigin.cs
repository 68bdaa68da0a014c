namespace CrmPlatform.Customers.Tags;

/// <summary>Who says that a customer has a tag.</summary>
public enum TagOrigin
{
    Manual,
    Rule,
    Import,
    Inferred,
}

/// <summary>Of two tags of a group the one with the stronger origin stays.</summary>
public static class TagOrigins
{
    /// <summary>A person before an import, an import before a rule, a rule before an inference.</summary>
    public static int Strength(this TagOrigin origin) =>
        origin switch
        {
            TagOrigin.Manual => 3,
            TagOrigin.Import => 2,
            TagOrigin.Rule => 1,
            _ => 0,
        };

    /// <summary>A rule or an inference: runs again by itself, so it must not put back what a person took away.</summary>
    public static bool RunsByItself(this TagOrigin origin) => origin is TagOrigin.Rule or TagOrigin.Inferred;
}
