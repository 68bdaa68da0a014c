namespace CrmPlatform.Customers.Quality;

/// <summary>How good what is known of a customer is.</summary>
public enum QualityBand
{
    /// <summary>Below 60.</summary>
    Poor,

    /// <summary>From 60.</summary>
    Fair,

    /// <summary>From 80.</summary>
    Good,
}
