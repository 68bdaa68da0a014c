namespace CrmPlatform.Segmentation.Rules;

/// <summary>
/// Three-valued truth (Kleene, Introduction to Metamathematics, 1952, § 64): all of several is the least of them, any of several the
/// greatest.
/// </summary>
public enum Verdict
{
    No,

    /// <summary>What the condition asks about is not known of the customer.</summary>
    Unknown,
    Yes,
}
