namespace CrmPlatform.Crm.Tests;

public class FollowersTests
{
    private static readonly FollowerState[] _states =
    [
        new("customers", "feed", 7, 7, 0, 0, "running", null, null, "crm-customers@a:1 77"),
        new("customers", "portraits", 4, 7, 3, 12.34, "stuck", 5, "JsonException", "crm-customers@[b]:1 78"),
        new("loyalty", "feed", 9, 9, 0, 0, "nobody runs it", null, null, null),
    ];

    [Fact]
    public void the_table_shows_what_is_stuck_where_and_who_runs_it()
    {
        using var console = new StringWriter();
        var ansi = Spectre.Console.AnsiConsole.Create(
            new() { Ansi = Spectre.Console.AnsiSupport.No, Out = new Spectre.Console.AnsiConsoleOutput(console) }
        );
        ansi.Profile.Width = 160;
        ansi.Write(Followers.Table(_states));

        string[] cells(string line) => [.. line.Split('│', StringSplitOptions.TrimEntries).Skip(1).SkipLast(1)];
        var rows = console.ToString().Split('\n').Where(line => line.StartsWith('│')).Select(cells).ToList();
        rows[0].ShouldBe(["context", "follower", "position", "head", "behind", "seconds", "state", "stuck at", "error", "run by"]);
        rows[2].ShouldBe(["customers", "portraits", "4", "7", "3", "12.3", "stuck", "5", "JsonException", "crm-customers@[b]:1 78"]);
        rows[3].ShouldBe(["loyalty", "feed", "9", "9", "0", "0", "nobody runs it", "", "", ""]);
    }

    [Fact]
    public void a_name_that_several_services_have_needs_the_service()
    {
        Followers.ServiceOf("portraits", null, _states).ShouldBe("customers");
        Followers.ServiceOf("feed", "loyalty", _states).ShouldBe("loyalty");
        Should.Throw<CrmException>(() => Followers.ServiceOf("feed", null, _states)).Message.ShouldContain("customers, loyalty");
        Should
            .Throw<CrmException>(() => Followers.ServiceOf("portraits", "loyalty", _states))
            .Message.ShouldBe("loyalty has no follower portraits; ./crm followers lists them");
        Should
            .Throw<CrmException>(() => Followers.ServiceOf("nothing", null, _states))
            .Message.ShouldBe("no service has a follower nothing; ./crm followers lists them");
    }
}
