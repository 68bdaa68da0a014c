namespace CrmPlatform.Loyalty.Care;

/// <summary>
/// What counts for the greeting of customers who are one person: the survivor is greeted and the others are not; a consent of one counts
/// for all, a refusal by any of them holds for all, and so does an open complaint.
/// </summary>
/// <param name="IsGreeted">Whether this is the member who is greeted.</param>
/// <param name="Others">The other members.</param>
public sealed record SamePerson(bool IsGreeted, IReadOnlyList<CustomerCare> Others)
{
    public static SamePerson Alone { get; } = new(IsGreeted: true, []);

    public bool Allows(CustomerCare own, string channel)
    {
        CustomerCare[] all = [own, .. Others];
        return all.Any(c => c.Consents.Contains(channel)) && !all.Any(c => c.Refusals.Contains(channel));
    }

    public bool HasOpenComplaint(CustomerCare own) => !own.OpenComplaints.IsEmpty || Others.Any(o => !o.OpenComplaints.IsEmpty);
}
