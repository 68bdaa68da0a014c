namespace CrmPlatform.Segmentation.WinBack;

/// <summary>What became of one side of a plan.</summary>
/// <param name="Customers">So many.</param>
/// <param name="WonBack">How many of them bought in the window, and have not brought back all of it.</param>
/// <param name="Share">Of all of them, with four decimals.</param>
public sealed record PlanSide(long Customers, long WonBack, double Share);

/// <summary>What the offer brought: the difference of the shares.</summary>
/// <param name="Difference">Share of the treated ones who were won back less that of the held ones, with four decimals.</param>
/// <param name="Low">The lower end of its 95 % interval (Newcombe-Wilson).</param>
/// <param name="High">The upper end.</param>
/// <param name="Verdict"><c>works</c>; <c>not-proven</c>: the interval holds 0; <c>harms</c>.</param>
/// <param name="CostPerAdditional">What a customer cost who would not have come back without, in the base currency; null where the verdict
/// is not <c>works</c>, or the plan does not say what an offer costs.</param>
public sealed record PlanUplift(
    double Difference,
    double Low,
    double High,
    [property: OneOf("works", "not-proven", "harms")] string Verdict,
    decimal? CostPerAdditional
);

/// <summary>A win-back plan.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Segment">Code of the segment whose members it is for.</param>
/// <param name="SegmentVersion">Version of the segment at the launch.</param>
/// <param name="Offer">Code of what is offered.</param>
/// <param name="WindowDays">Days after the launch in which a purchase counts.</param>
/// <param name="Holdout">Share of the audience that gets no offer.</param>
/// <param name="OfferCost">What an offer costs, in the base currency.</param>
/// <param name="Status"><c>planned</c>, <c>launched</c> or <c>stopped</c>.</param>
/// <param name="PlannedAt">When it was planned.</param>
/// <param name="LaunchedAt">When its audience was frozen and the offers were made.</param>
/// <param name="Until">Until just before this instant a purchase counts.</param>
/// <param name="Over">The window is over: the numbers change only by what is told late or comes back.</param>
/// <param name="Treated">Those who got the offer; null before the launch.</param>
/// <param name="Held">Those who were held out; null before the launch.</param>
/// <param name="Uplift">Null where one side has nobody.</param>
public sealed record PlanView(
    Guid Id,
    string Name,
    string Segment,
    int? SegmentVersion,
    string Offer,
    int WindowDays,
    decimal Holdout,
    decimal? OfferCost,
    PlanStatus Status,
    DateTimeOffset PlannedAt,
    DateTimeOffset? LaunchedAt,
    DateTimeOffset? Until,
    bool Over,
    PlanSide? Treated,
    PlanSide? Held,
    PlanUplift? Uplift
);
