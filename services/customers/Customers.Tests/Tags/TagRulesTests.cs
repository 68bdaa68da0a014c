using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Tags;
using CrmPlatform.EventSourcing;
using static CrmPlatform.Customers.Tests.Tags.GivenTags;

namespace CrmPlatform.Customers.Tests.Tags;

/// <summary>What giving a tag and taking it away does to a customer.</summary>
public sealed class TagRulesTests
{
    static readonly DateTimeOffset now = Start;

    static HeldTags Held(params ICustomerEvent[] facts) => HeldTags.None.After(facts);

    static ICustomerEvent[] Give(HeldTags held, TagWord word, TagOrigin origin) => TagRules.Give(held, word, origin, now, "tag");

    static ICustomerEvent[] Take(HeldTags held, TagWord word, TagOrigin origin) => TagRules.Take(held, word, word.Code, origin, now);

    static string Refused(Action decide) => Should.Throw<RuleViolationException>(decide).Code;

    [Fact]
    public void an_origin_is_recorded_once_and_stands_beside_the_others()
    {
        var held = Held(new CustomerTagged("vip", TagOrigin.Manual, now));
        Give(held, Word("vip"), TagOrigin.Manual).ShouldBeEmpty();
        Give(held, Word("vip"), TagOrigin.Rule).ShouldBe([new CustomerTagged("vip", TagOrigin.Rule, now)]);
    }

    [Theory]
    [InlineData(TagOrigin.Rule)]
    [InlineData(TagOrigin.Import)]
    [InlineData(TagOrigin.Inferred)]
    public void each_takes_away_only_what_it_said_itself(TagOrigin origin)
    {
        var held = Held(new CustomerTagged("vip", TagOrigin.Manual, now));
        Should.Throw<NotFoundException>(() => Take(held, Word("vip"), origin));
        held = held.Evolve(new CustomerTagged("vip", origin, now));
        var facts = Take(held, Word("vip"), origin);
        facts.ShouldBe([new CustomerUntagged("vip", now, origin)]);
        held.After(facts).Shown(now).ShouldBe(["vip: manual"]);
    }

    [Fact]
    public void what_a_person_took_away_no_rule_puts_back_until_a_person_allows_it()
    {
        var held = Held(new CustomerTagged("vip", TagOrigin.Rule, now), new CustomerTagged("vip", TagOrigin.Import, now));
        held = held.After(Take(held, Word("vip"), TagOrigin.Manual));
        held.Shown(now).ShouldBeEmpty();
        foreach (var origin in new[] { TagOrigin.Rule, TagOrigin.Inferred })
            Give(held, Word("vip"), origin).ShouldBeEmpty();
        Give(held, Word("vip"), TagOrigin.Import).ShouldNotBeEmpty("an import is not run by a rule");
        Give(held.Evolve(new TagAllowed("vip", now)), Word("vip"), TagOrigin.Rule).ShouldNotBeEmpty();
        var again = held.After(Give(held, Word("vip"), TagOrigin.Manual));
        Give(again, Word("vip"), TagOrigin.Rule).ShouldNotBeEmpty("who gives it allows it");
    }

    [Fact]
    public void facts_from_before_origins_were_kept_apart_read_as_they_meant()
    {
        var held = Held(
            new CustomerTagged("vip", TagOrigin.Rule, now),
            new CustomerTagged("vip", TagOrigin.Manual, now),
            new CustomerUntagged("vip", now)
        );
        held.Shown(now).ShouldBeEmpty();
        Give(held, Word("vip"), TagOrigin.Rule).ShouldNotBeEmpty("nothing was suppressed then");
    }

    [Theory]
    [InlineData(TagOrigin.Manual, TagOrigin.Manual, "l: manual")]
    [InlineData(TagOrigin.Import, TagOrigin.Manual, "l: manual")]
    [InlineData(TagOrigin.Rule, TagOrigin.Import, "l: import")]
    [InlineData(TagOrigin.Inferred, TagOrigin.Rule, "l: rule")]
    [InlineData(TagOrigin.Rule, TagOrigin.Inferred, "s: rule")]
    [InlineData(TagOrigin.Manual, TagOrigin.Import, "s: manual")]
    public void of_a_group_the_new_one_stays_unless_a_stronger_origin_says_another(TagOrigin first, TagOrigin then, string stays)
    {
        var held = Held(new CustomerTagged("s", first, now, Group: "size"), new CustomerTagged("red", first, now, Group: "colour"));
        var facts = Give(held, OfGroup("l", "size"), then);
        held.After(facts).Shown(now).ShouldBe(new[] { stays, $"red: {first.ToString().ToLowerInvariant()}" }, ignoreOrder: true);
        if (facts.Length > 0)
            facts[0].ShouldBe(new CustomerUntagged("s", now, ReplacedBy: "l"));
    }

    [Fact]
    public void a_retired_or_sensitive_tag_is_refused_and_who_has_it_keeps_it()
    {
        var (retired, sensitive) = (Word("old", retired: true), Word("diabetes", new(Sensitive: true)));
        Refused(() => Give(HeldTags.None, retired, TagOrigin.Manual)).ShouldBe("tag-retired");
        Give(Held(new CustomerTagged("old", TagOrigin.Manual, now)), retired, TagOrigin.Manual).ShouldBeEmpty();
        foreach (var origin in new[] { TagOrigin.Rule, TagOrigin.Inferred })
            Refused(() => Give(HeldTags.None, sensitive, origin)).ShouldBe("tag-sensitive");
        foreach (var origin in new[] { TagOrigin.Manual, TagOrigin.Import })
            Give(HeldTags.None, sensitive, origin).ShouldNotBeEmpty();
    }

    [Fact]
    public void a_customer_has_200_tags_at_most()
    {
        var held = Held([.. Enumerable.Range(1, 200).Select(i => new CustomerTagged($"t{i}", TagOrigin.Rule, now))]);
        Refused(() => Give(held, Word("t201"), TagOrigin.Manual)).ShouldBe("too-many-tags");
        Give(held, Word("t200"), TagOrigin.Manual).ShouldNotBeEmpty("another origin of a tag is no other tag");
    }

    [Fact]
    public void a_tag_ends_at_its_instant_and_is_recorded_as_ended_before_it_is_given_again()
    {
        var (word, ends) = (Word("new", new(ExpiresDays: 30)), now.AddDays(30));
        var held = HeldTags.None.After(TagRules.Give(HeldTags.None, word, TagOrigin.Rule, now, "tag"));
        held.Shown(ends.AddTicks(-1)).ShouldBe(["new: rule"]);
        held.Shown(ends).ShouldBeEmpty();
        held.Lapsed(ends.AddTicks(-1)).ShouldBeEmpty();
        held.Lapsed(ends).ShouldBe([new TagExpired("new", TagOrigin.Rule, ends)]);
        var later = ends.AddDays(2);
        TagRules
            .Give(held, word, TagOrigin.Rule, later, "tag")
            .ShouldBe([new TagExpired("new", TagOrigin.Rule, ends), new CustomerTagged("new", TagOrigin.Rule, later, later.AddDays(30))]);
        Should.Throw<NotFoundException>(() => TagRules.Take(held, word, "new", TagOrigin.Manual, later));
    }

    [Fact]
    public void who_has_a_joined_tag_has_the_other_from_then_on()
    {
        var (word, joined) = (Word("vip", null, false, "VIP"), now.AddDays(1));
        var joins = new TagJoins(new Dictionary<string, TagJoins.Join> { ["VIP"] = new("VIP", "vip", joined) });
        var held = Held(new CustomerTagged("VIP", TagOrigin.Import, now));
        held.Shown(now, joins).ShouldBe(["VIP: import"]);
        held.Shown(joined, joins).ShouldBe(["vip: import"]);
        Give(held, word, TagOrigin.Import).ShouldBeEmpty();
        var both = held.After(TagRules.Give(held, word, TagOrigin.Rule, joined, "tag"));
        both.Shown(joined, joins).ShouldBe(["vip: import rule"]);
        var none = both.After(TagRules.Take(both, word, "vip", TagOrigin.Manual, joined));
        none.Shown(joined, joins).ShouldBeEmpty();
        none.Suppressed(joined, joins).ShouldBe(["vip"]);
        Give(none, word, TagOrigin.Rule).ShouldBeEmpty();
    }
}
