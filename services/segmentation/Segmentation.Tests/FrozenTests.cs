using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Runs;

namespace CrmPlatform.Segmentation.Tests;

public class FrozenTests
{
    [Fact]
    public void stored_facts_keep_their_shapes() =>
        Frozen.Check(new EventStoreOptions().Aggregate<CustomerValue, ICustomerEvent>("customer_value").Aggregate<ScoringRun, IRunEvent>("scoring_run").StoredFacts, "stored-facts.txt");
}
