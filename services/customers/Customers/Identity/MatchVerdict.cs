namespace CrmPlatform.Customers.Identity;

/// <summary>What becomes of a pair.</summary>
public enum MatchVerdict
{
    /// <summary>They are taken for two; nothing is kept.</summary>
    None,

    /// <summary>Somebody is asked.</summary>
    Review,

    /// <summary>Somebody is asked: a limit, or a value that belongs to many, forbids to link them by machine.</summary>
    Limited,

    /// <summary>Somebody is asked: they look like one, but cannot be.</summary>
    Contradicted,

    /// <summary>They are one without being asked.</summary>
    Link,

    /// <summary>Somebody is asked: they were linked by machine, by a value that too many have by now.</summary>
    Revisit,
}
