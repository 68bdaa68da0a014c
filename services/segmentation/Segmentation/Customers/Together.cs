namespace CrmPlatform.Segmentation.Customers;

/// <summary>Decisions about customers who are judged as one: the streams of all are read, the survivor's is written.</summary>
public static class Together
{
    /// <param name="others">
    /// Those who are judged under the survivor's id, as a view knows them; none for a customer who is alone. If the streams know better,
    /// nothing is decided: the group is about to be judged anyway.
    /// </param>
    public static Write Judge(Guid survivor, IReadOnlyList<Guid> others, Func<CustomerValue, ICustomerEvent[]> decide) =>
        others.Count == 0
            ? Write.To(CustomerValue.Of(survivor), customer => customer.InGroup ? [] : decide(customer))
            : Write.To(
                CustomerValue.Of(survivor),
                [.. others.Select(CustomerValue.Of)],
                (one, all) =>
                {
                    var members = Members(one, all);
                    if (one.State.SurvivorId is null && one.State.Members.SequenceEqual(members.Select(m => m.Id)))
                        one.Append(decide(one.State.With(members.Select(m => m.State))));
                }
            );

    /// <summary>Those of them who are judged under the survivor's id, in the order of their ids.</summary>
    public static IReadOnlyList<Loaded<CustomerValue, ICustomerEvent>> Members(
        Loaded<CustomerValue, ICustomerEvent> survivor,
        IReadOnlyList<Loaded<CustomerValue, ICustomerEvent>> others
    ) => [.. others.Where(o => o.State.SurvivorId == survivor.Id && !o.State.Forgotten).OrderBy(o => o.Id)];
}
