using System.Text.Json;
using CrmPlatform.Loyalty.Programme;
using FsCheck;
using FsCheck.Fluent;
using static CrmPlatform.Loyalty.Tests.LedgerHistories;

namespace CrmPlatform.Loyalty.Tests;

/// <summary>A history lived again, by its own rules and by others.</summary>
public class WhatIfProperties
{
    [Fact]
    public void a_life_relived_by_its_own_rules_is_the_same_fact_by_fact() =>
        Check((run, world) => Text(WhatIf.Relive(run.Facts, run.Rules, DateTimeOffset.MinValue).Facts) == Text(run.Facts));

    [Fact]
    public void a_preview_of_other_rules_is_what_they_do_when_they_are_in_force() =>
        Prop.ForAll(
                histories,
                history =>
                {
                    // What the real rules accepted is what happened; the same happens to an account that lives by the draft.
                    var real = new LedgerRun(history.World, tickEach: false);
                    var draft = new LedgerRun(history.World, tickEach: false, rules: Draft(history.World)) { Like = real };
                    var refused = 0;
                    foreach (var step in history.Steps)
                    {
                        var before = real.Facts.Count;
                        real.Do(step);
                        var accepted = real.Facts.Count > before;
                        if (!draft.Do(step, wait: !accepted) && accepted)
                            refused++;
                    }
                    foreach (var run in new[] { real, draft })
                        run.Tick();
                    var preview = WhatIf.Relive(real.Facts, draft.Rules, real.Now);
                    return preview.Refused == refused
                        && preview.Account.Balance == draft.Account.Balance
                        && preview.Account.Tier == draft.Account.Tier
                        && preview.Account.QualifyingPoints == draft.Account.QualifyingPoints
                        && preview.Account.Debt == draft.Account.Debt
                        && preview.Account.Lots.Values.OrderBy(l => l.Id).SequenceEqual(draft.Account.Lots.Values.OrderBy(l => l.Id));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    static void Check(Func<LedgerRun, World, bool> holds) =>
        Prop.ForAll(
                histories,
                history =>
                {
                    var run = new LedgerRun(history.World, tickEach: false);
                    foreach (var step in history.Steps)
                        run.Do(step);
                    return holds(run, history.World);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    static string Text(IEnumerable<IAccountEvent> facts) => JsonSerializer.Serialize<object[]>([.. facts], EventStoreOptions.Json);
}
