using System.Text.Json;

namespace CrmPlatform.ServiceDesk.Tests.Complaints;

/// <summary>A desk with the issues of the complaints as causes, which promises a first response within fifteen days.</summary>
public class ConsumerDesk : DeskFixture
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        base
            .Settings.Concat(Causes)
            .Append(new("ServiceDesk:Policies:0:Targets:normal:FirstResponse", "15.00:00:00"))
            .Append(new("ServiceDesk:Policies:0:Targets:normal:Resolution", "60.00:00:00"))
            .ToDictionary();

    // In the places of those that ship: together they would be too many.
    static IEnumerable<KeyValuePair<string, string>> Causes =>
        Cfpb.Read()
            .Select(row => Cfpb.Code(row.Issue))
            .Distinct()
            .Select((cause, i) => KeyValuePair.Create($"ServiceDesk:Causes:{areas[i % areas.Length]}:{i / areas.Length}", cause));

    static readonly string[] areas = ["product", "service", "delivery", "price"];
}

/// <summary>Published complaints with what became of them. The numbers were computed from the files by another program.</summary>
public class ConsumerComplaintTests(ConsumerDesk fixture) : IClassFixture<ConsumerDesk>
{
    const string Period = "from=2011-01-01T00:00:00Z&until=2018-01-01T00:00:00Z";

    [Fact]
    public async Task timely_responses_relief_and_disputes_are_those_of_the_files()
    {
        await fixture.Imported("cfpb_349", AtTheCompany);
        var (responses, complaints) = await Figures();
        (N(responses, "met"), N(responses, "missed")).ShouldBe((349, 0), "timely");
        (await Listed("outcome=upheld"), await Listed("outcome=partly")).ShouldBe((5, 30), "monetary and other relief");
        (N(complaints, "count"), N(complaints, "decided")).ShouldBe((349, 280), "the others are in progress");
        complaints.GetProperty("upheldShare").GetDecimal().ShouldBe(.125m, "35 of 280");
        N(complaints, "answers").ShouldBe(41, "of 308 the file does not say whether they disputed it: they are missing, and not content");
        complaints.GetProperty("satisfaction").GetDecimal().ShouldBe(1);

        await fixture.Imported("cfpb_145", AtTheCompany);
        (responses, complaints) = await Figures();
        (N(responses, "met"), N(responses, "missed")).ShouldBe((349 + 134, 11));
        (N(complaints, "count"), N(complaints, "decided"), N(complaints, "answers")).ShouldBe((494, 280 + 132, 41 + 4));

        async Task<(JsonElement Responses, JsonElement Complaints)> Figures() =>
            (
                (await fixture.Get($"figures?{Period}")).GetProperty("firstResponse"),
                (await fixture.Get($"figures/complaints?{Period}")).GetProperty("total")
            );

        async Task<int> Listed(string question) =>
            (await fixture.Get($"complaints?{Period}&{question}&limit=200")).GetProperty("items").GetArrayLength();
    }

    /// <summary>
    /// The files have no day of the response, only whether it came within fifteen days: so it is taken to have come at the last moment, or
    /// a day later. Monetary relief is a complaint upheld, other relief one that is partly upheld; who disputed it is not satisfied.
    /// </summary>
    static object AtTheCompany(Cfpb.Row row)
    {
        var at = row.Sent.AddDays(row.Timely ? 15 : 16);
        object reply = new
        {
            @event = "reply",
            channel = "mail",
            text = row.Response,
            occurredAt = at,
        };
        var outcome = row.Response switch
        {
            "Closed with monetary relief" => "upheld",
            "Closed with non-monetary relief" => "partly",
            "Closed with explanation" or "Closed" => "rejected",
            "In progress" => null,
            "Untimely response" => "",
            _ => throw new FormatException(row.Response),
        };
        object[] history = outcome switch
        {
            null => [reply],
            "" => [],
            _ =>
            [
                reply,
                new
                {
                    @event = "assessed",
                    severity = "minor",
                    occurredAt = at,
                },
                new
                {
                    @event = "decided",
                    outcome,
                    cause = Cfpb.Code(row.Issue),
                    occurredAt = at,
                },
                new
                {
                    @event = "resolved",
                    outcome = Cfpb.Code(row.Response),
                    occurredAt = at,
                },
                .. row.Disputed == true
                    ? new object[]
                    {
                        new
                        {
                            @event = "rated",
                            score = 1,
                            occurredAt = at,
                        },
                    }
                    : [],
            ],
        };
        return row.Ticket("company", row.Sent, history);
    }

    static long N(JsonElement of, string name) => of.GetProperty(name).GetInt64();
}
