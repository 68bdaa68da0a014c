using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>Findings out of the view, by the rules that hold and the present.</summary>
static class FindingRows
{
    /// <summary>
    /// The findings of <see cref="Parameters"/>, each with customer_id, rule, since, status, reason and until: of one rule, which an index
    /// may find, or of all. More conditions on the customer <c>q</c> may follow.
    /// </summary>
    public static string Sql(string? rule, FindingStatus status)
    {
        var (of, waived) = (rule is null ? "r.rule" : "@rule::text", $"array_position(q.waived, {(rule is null ? "r.rule" : "@rule")})");
        var holds = $"coalesce({waived} is not null and coalesce(q.until[{waived}], 'infinity') > @now, false)";
        return $"""
            select q.customer_id, {of} as rule, '{status}' as status,
                case {of} when 'contact-stale' then q.oldest_contact + make_interval(days => @contactDays)
                    when 'address-stale' then q.oldest_address + make_interval(days => @addressDays)
                    else q.since[array_position(q.failed, {of})] end as since,
                {(status == FindingStatus.Open ? "null::text" : $"q.reasons[{waived}]")} as reason,
                {(status == FindingStatus.Open ? "null::timestamptz" : $"q.until[{waived}]")} as until
            from customer_quality q {(rule is null ? "join unnest(@rules, @kinds, @sources) r(rule, kind, source) on true" : "")}
            where {Fails(rule)} and {Applies(rule)} and {(
                status == FindingStatus.Open ? $"not {holds}" : $"q.waived <> '{"{}"}' and {holds}"
            )}
                and (@source::text is null or q.source = @source)
                and coalesce((select not d.forgotten from directory d where d.id = q.customer_id), true)
            """;
    }

    static string Fails(string? rule) =>
        rule switch
        {
            null => "(r.rule = any(q.failed)"
                + $" or r.rule = 'contact-stale' and {Stale("contact")} or r.rule = 'address-stale' and {Stale("address")})",
            QualityChecks.StaleContact => Stale("contact"),
            QualityChecks.StaleAddress => Stale("address"),
            _ => "q.failed @> array[@rule::text]",
        };

    static string Stale(string what) => $"q.oldest_{what} <= @now - make_interval(days => @{what}Days)";

    static string Applies(string? rule) =>
        rule is null
            ? "(r.kind is null or r.kind = q.kind) and (r.source is null or r.source = q.source)"
            : "(@kind::text is null or q.kind = @kind) and (@registered::text is null or q.source = @registered)";

    public static DynamicParameters Parameters(QualityRules rules, DateTimeOffset now, string? rule, string? source)
    {
        var appliesTo = rules.Rules.FirstOrDefault(r => r.Id == rule)?.AppliesTo;
        return new(
            new
            {
                now,
                rule,
                source,
                kind = appliesTo?.Kind?.ToString(),
                registered = appliesTo?.Source,
                rules = rules.Rules.Select(r => r.Id).ToArray(),
                kinds = rules.Rules.Select(r => r.AppliesTo?.Kind?.ToString()).ToArray(),
                sources = rules.Rules.Select(r => r.AppliesTo?.Source).ToArray(),
                contactDays = DaysOf(QualityChecks.StaleContact),
                addressDays = DaysOf(QualityChecks.StaleAddress),
            }
        );

        int DaysOf(string check) => rules.Rules.FirstOrDefault(r => r.Id == check)?.Days ?? 0;
    }

    /// <exception cref="RuleViolationException"><c>rule-unknown</c>: it does not hold.</exception>
    public static QualityRule Known(QualityRules rules, string rule, string field = "rule") =>
        rules.Rules.FirstOrDefault(r => r.Id == rule)
        ?? throw new RuleViolationException("rule-unknown", "No such rule holds; GET quality/rules lists those that do.", field);
}
