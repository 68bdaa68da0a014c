namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>A model in short.</summary>
/// <param name="Id">Id of the model.</param>
/// <param name="AsOf">Business day at whose end the purchases were fitted.</param>
/// <param name="Kind"><c>mbg</c>: a customer may drop out after each purchase; <c>bg</c>: after each but the first.</param>
/// <param name="Margin">Share of a purchase's net that is earned.</param>
/// <param name="Customers">Customers with a net order.</param>
/// <param name="ComputedAt">When it was fitted.</param>
/// <param name="State"><c>computed</c>, <c>active</c> (customers are scored with it), <c>superseded</c> or <c>rejected</c>.</param>
/// <param name="Since">Since when it is in that state.</param>
/// <param name="Reason">Why it was rejected: <c>degenerate</c>, <c>not-independent</c>, or what somebody said; null otherwise.</param>
public sealed record ModelSummary(
    Guid Id,
    DateOnly AsOf,
    [property: OneOf("mbg", "bg")] string Kind,
    decimal Margin,
    int Customers,
    DateTimeOffset ComputedAt,
    [property: OneOf("computed", "active", "superseded", "rejected")] string State,
    DateTimeOffset Since,
    string? Reason
);

/// <summary>How often customers buy and drop out (<see cref="PurchaseModel"/>).</summary>
/// <param name="R">Shape of the gamma distribution of rates.</param>
/// <param name="Alpha">Its scale, in weeks.</param>
/// <param name="A">Of the beta distribution of dropping out after a purchase; a / (a + b) is its mean.</param>
/// <param name="B">Of the same.</param>
/// <param name="LogLikelihood">Of what customers did, with these parameters.</param>
/// <param name="Patterns">Different (repeat days, recency, age) among them.</param>
/// <param name="Degenerate">What is wrong with the parameters; null for nothing.</param>
public sealed record PurchaseParameters(double R, double Alpha, double A, double B, double LogLikelihood, int Patterns, string? Degenerate);

/// <summary>What a purchase day is worth (<see cref="ValueModel"/>).</summary>
/// <param name="P">Shape of the gamma distribution of a customer's amounts.</param>
/// <param name="Q">Shape of the gamma distribution of their scale over the customers.</param>
/// <param name="V">Its scale, in the base currency.</param>
/// <param name="LogLikelihood">Of the customers' mean values, with these parameters.</param>
/// <param name="Buyers">Customers with a repeat day that was worth something.</param>
/// <param name="Correlation">Of repeat days and mean value over them: above 0.3 either way the model is rejected as
/// <c>not-independent</c>.</param>
/// <param name="Correlated">True above 0.15: what frequent customers are worth is over- or underestimated.</param>
/// <param name="Degenerate">What is wrong with the parameters; null for nothing.</param>
public sealed record ValueParameters(
    double P,
    double Q,
    double V,
    double LogLikelihood,
    int Buyers,
    double Correlation,
    bool Correlated,
    string? Degenerate
);

/// <summary>The window with which predictions were compared.</summary>
/// <param name="After">The last day that the predictions knew.</param>
/// <param name="Through">The last day of the window.</param>
/// <param name="Weeks">How long it is.</param>
/// <param name="Measured">What was predicted and what happened; null where it could not be predicted.</param>
/// <param name="Missing">Why it is null: <c>too-few</c>, <c>too-young</c> or <c>degenerate</c>.</param>
public sealed record CalibrationView(DateOnly After, DateOnly Through, int Weeks, Calibration? Measured, string? Missing);

/// <summary>A model with its parameters and its calibration.</summary>
/// <param name="Id">Id of the model.</param>
/// <param name="AsOf">Business day at whose end the purchases were fitted.</param>
/// <param name="Kind"><c>mbg</c> or <c>bg</c>.</param>
/// <param name="Margin">Share of a purchase's net that is earned.</param>
/// <param name="Definition">What it was computed with: <c>lifetime-1 zone=Asia/Shanghai discount=0.01</c>, where the discount is that of a
/// month.</param>
/// <param name="Customers">Customers with a net order.</param>
/// <param name="Repeaters">Those of them who bought on two days or more.</param>
/// <param name="ComputedAt">When it was fitted.</param>
/// <param name="State"><c>computed</c>, <c>active</c>, <c>superseded</c> or <c>rejected</c>.</param>
/// <param name="Since">Since when it is in that state.</param>
/// <param name="Reason">Why it was rejected; null otherwise.</param>
/// <param name="Purchases">How often customers buy and drop out.</param>
/// <param name="Value">What a purchase day is worth.</param>
/// <param name="Calibration">What a fit from before said of the last 26 weeks.</param>
/// <param name="PurchasesCounted">Purchases that it counted.</param>
/// <param name="ReturnsCounted">Returns that it counted.</param>
public sealed record ModelView(
    Guid Id,
    DateOnly AsOf,
    [property: OneOf("mbg", "bg")] string Kind,
    decimal Margin,
    string Definition,
    int Customers,
    int Repeaters,
    DateTimeOffset ComputedAt,
    [property: OneOf("computed", "active", "superseded", "rejected")] string State,
    DateTimeOffset Since,
    string? Reason,
    PurchaseParameters Purchases,
    ValueParameters Value,
    CalibrationView Calibration,
    long PurchasesCounted,
    long ReturnsCounted
);
