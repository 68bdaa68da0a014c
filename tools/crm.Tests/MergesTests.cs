using System.Text.Json.Nodes;
using Spectre.Console;

namespace CrmPlatform.Crm.Tests;

/// <summary>How candidates and merges are listed.</summary>
public sealed class MergesTests
{
    private const string Id = "01a22b6c-b162-7ff9-81fe-eb4d538109ea";
    private static readonly JsonNode _found = JsonNode.Parse(
        """
        { "items": [ { "id": "1", "externalIds": [ { "system": "till", "value": "T3" }, { "system": "erp", "value": "[9]" } ] },
                     { "id": "2", "externalIds": [] } ] }
        """
    )!;

    [Fact]
    public void a_candidate_says_who_they_are_and_in_what_they_agree()
    {
        var candidate = JsonNode.Parse(
            """
            { "id": "c", "reason": "review", "probability": 0.98765,
              "lines": [ { "comparison": "email", "level": "equal", "bits": 4.1 },
                         { "comparison": "name", "level": "same-pinyin", "bits": 9 },
                         { "comparison": "gender", "level": "else", "bits": -4 } ],
              "first": { "customerId": "1", "personal": "shown", "details": { "name": "司马光华" } },
              "second": { "customerId": "2", "personal": "withheld", "details": null } }
            """
        )!;
        Rows(MergeLists.Candidates([candidate], MergeLists.Numbers(_found)))
            .ShouldBe([
                ["candidate", "why", "first", "second", "they agree in"],
                ["c", "review 0.988", "till:T3, erp:[9] 司马光华", "2", "email equal, name same-pinyin"],
            ]);
    }

    [Fact]
    public void a_merge_says_who_they_are_and_why()
    {
        var made = JsonNode.Parse("""{ "id": "m", "survivorId": "1", "mergedId": "2", "by": "machine", "reason": "match" }""")!;
        var undone = JsonNode.Parse(
            """
            { "id": "n", "survivorId": "3", "mergedId": "1", "by": "person", "reason": "same-person",
              "undoneAt": "2026-05-01T00:00:00Z", "undoneBecause": "family" }
            """
        )!;
        Rows(MergeLists.Merges([made, undone], MergeLists.Numbers(_found)))
            .ShouldBe([
                ["merge", "why", "survivor", "merged"],
                ["m", "machine: match", "till:T3, erp:[9]", "2"],
                ["n", "person: same-person; undone: family", "3", "till:T3, erp:[9]"],
            ]);
    }

    [Fact]
    public void a_list_says_that_more_follow()
    {
        MergeLists.More(JsonNode.Parse("""{ "items": [1, 2], "next": "8_a" }""")!).ShouldBe("2 are shown, more follow: --after 8_a");
        MergeLists.More(JsonNode.Parse("""{ "items": [1], "next": null }""")!).ShouldBeNull();
    }

    [Fact]
    public void the_next_page_is_asked_for() =>
        MergeLists.Path("merges", 200, "8.5_a b").ShouldBe("/api/customers/merges?limit=200&after=8.5_a%20b");

    [Fact]
    public void what_is_no_id_of_a_merge_is_said()
    {
        Merges.IdOf("merge", Id).ShouldBe(Id);
        Should
            .Throw<CrmException>(() => Merges.IdOf("merge", "web:W1"))
            .Message.ShouldBe("web:W1 is no id of a merge: that is a UUID, the first column of ./crm merges list");
        Should.Throw<CrmException>(() => Merges.IdOf("candidate", "x")).Message.ShouldContain("./crm candidates list");
    }

    private static List<string[]> Rows(Table table)
    {
        using var written = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        console.Profile.Width = 300;
        console.Write(table);
        return
        [
            .. written
                .ToString()
                .Split('\n')
                .Where(line => line.StartsWith('│'))
                .Select(line => line.Split('│', StringSplitOptions.TrimEntries)[1..^1]),
        ];
    }
}
