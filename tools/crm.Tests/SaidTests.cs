namespace CrmPlatform.Crm.Tests;

/// <summary>What the command line says to a person.</summary>
public class SaidTests
{
    [Fact]
    public void a_problem_is_said_with_its_detail_and_its_fields() =>
        Problem
            .Said(
                """
                { "type": "urn:crm:invalid-request", "title": "The request is invalid", "status": 400, "detail": "Unknown columns: colour",
                  "errors": { "header": ["Known are net, gross"], "": ["See the template"] }, "correlationId": "c-1" }
                """
            )
            .ShouldBe("invalid-request: Unknown columns: colour; header: Known are net, gross; See the template");

    [Fact]
    public void what_is_wrong_with_a_field_is_said_once() =>
        Problem
            .Said(
                """
                { "type": "urn:crm:invalid-request", "title": "Invalid request", "status": 400, "detail": "Reason is a code.",
                  "errors": { "reason": ["Reason is a code."], "batch": ["Batch is a code."] }, "field": "reason" }
                """
            )
            .ShouldBe("invalid-request: reason: Reason is a code.; batch: Batch is a code.");

    [Theory]
    [InlineData("upstream connect error")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"error\":\"invalid_client\"}")]
    public void what_is_no_problem_is_said_as_it_is(string body) => Problem.Said(body).ShouldBe(body);

    [Fact]
    public void that_there_are_no_dead_letters_is_said_of_the_rooms_that_answer_alone()
    {
        var loyalty = Part.Named("loyalty");
        DeadLetters.None([]).ShouldBe("no dead letters");
        DeadLetters.None([loyalty]).ShouldBe("no dead letters in customers, segmentation, service-desk, portraits");
        DeadLetters.None(Part.Contexts).ShouldBe("no room answers");
    }
}
