using CrmPlatform.Testing;

namespace CrmPlatform.Portraits.Tests;

[Collection("portraits")]
public sealed class EndpointTests(PortraitsFixture fixture)
{
    [Fact]
    public Task every_endpoint_answers_401_without_token_403_without_permission_and_never_500() =>
        Endpoints.Check(fixture, PortraitsFixture.Everything);

    [Fact]
    public Task every_operation_has_a_summary_examples_and_the_types_of_its_errors() => Described.Check(fixture);

    [Fact]
    public Task every_property_and_parameter_says_what_it_means() => Meanings.Check(fixture);
}
