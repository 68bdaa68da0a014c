using System.Net;
using System.Net.Http.Json;
using System.Text;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Customers.Tests;

[Collection("customers")]
public sealed class EndpointTests(CustomersFixture fixture)
{
    [Fact]
    public Task every_endpoint_answers_401_without_token_403_without_permission_and_never_500() =>
        Endpoints.Check(fixture, CustomersFixture.Everything);

    [Fact]
    public Task every_rule_of_a_body_is_checked_and_the_answer_names_the_field() => BrokenBodies.Check(fixture, atLeast: 100);

    [Fact]
    public Task a_refused_post_does_not_use_up_its_key() => RefusedKeys.Check(fixture, atLeast: 5);

    [Fact]
    public void stored_events_keep_their_shapes() => Frozen.Check(fixture.Store);
}
