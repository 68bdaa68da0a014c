using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Writes about a customer and the words that they give: a word that nobody has defined becomes a tag in the same transaction.
/// </summary>
static class TagWrites
{
    /// <param name="codes">The words as <see cref="KnownTags.CodesOf"/> resolves them.</param>
    public static Write To(Guid customer, IReadOnlyList<string> codes, Func<Customer, IReadOnlyList<TagWord>, ICustomerEvent[]> decide) =>
        Write.To(
            Customer.Of(customer),
            [.. codes.Select(Tag.Of)],
            (about, tags) =>
            {
                var facts = decide(about.State, [.. codes.Zip(tags, (code, tag) => new TagWord(code, tag.State))]);
                about.Append(facts);
                foreach (var (code, tag) in codes.Zip(tags))
                    if (tag.State.Code is null && facts.OfType<CustomerTagged>().FirstOrDefault(f => f.Tag == code) is { } first)
                        tag.Append(new TagDefined(code, TagDefinition.Plain, first.OccurredAt));
            }
        );
}
