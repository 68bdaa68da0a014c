using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Hands one message over: recorded before the dialogue, and what came of it afterwards.</summary>
sealed class HandOver(
    EventStore store,
    WaysOut ways,
    MessageTemplates templates,
    SendingOptions options,
    IEnumerable<IMessageValues> rendered,
    TimeProvider clock,
    ILogger<HandOver> log
)
{
    /// <summary>Why a message is cancelled that its room does not want to send any more.</summary>
    const string NotWanted = "not-wanted";

    public bool IsPossible(DueMessage due) => Obstacle(due) is null;

    /// <summary>Records that a message cannot be sent here; nobody is asked for its address.</summary>
    public Task Impossible(DueMessage due, CancellationToken ct) => NotSent(due, Obstacle(due)!, ct);

    /// <param name="asked">When customers were asked, as a timestamp of the clock.</param>
    /// <returns>False if it is to be tried again.</returns>
    public async Task<bool> Try(DueMessage due, Clearances.Clearance clearance, long asked, CancellationToken ct)
    {
        try
        {
            if (!clearance.IsCleared)
                await NotSent(due, clearance.Reason ?? NotSentReasons.NoAddress, ct);
            else if (IsStale(asked))
                return false;
            else
                await Send(due, clearance, asked, ct);
            return true;
        }
        catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
        {
            // One that fails keeps no other waiting. If it was handed over, it is in doubt when the lease ends.
            log.HandOverFailed(e, due.MessageId);
            return false;
        }
    }

    async Task Send(DueMessage due, Clearances.Clearance clearance, long asked, CancellationToken ct)
    {
        var (message, _) = await store.Read(Message.Of(due.MessageId), ct);
        if (message.Plan is not { } plan)
            return;
        var template = templates.Of(plan.Template, plan.Language ?? clearance.Language)!;
        var values = options.Values.ToDictionary(v => v.Key, v => (string?)v.Value);
        foreach (var (name, value) in plan.Values)
            values[name] = value;
        values[MessageTemplates.Name] = clearance.Name ?? "";
        foreach (var source in rendered)
        {
            if (await source.Of(plan, ct) is not { } more)
            {
                await store.Write(new Request(clock, ct), Message.Of(due.MessageId), m => m.Cancel(NotWanted, clock.GetUtcNow()));
                return;
            }
            foreach (var (name, value) in more)
                values[name] = value;
        }
        var (subject, text, html) = await template.Render(values);

        var decided = await store.Write(
            new Request(clock, ct),
            Message.Of(due.MessageId),
            m => m.HandOver(clearance.NoticeVersion ?? "", clock.GetUtcNow(), options.Repeats(plan.Purpose))
        );
        if (decided.Events is not [HandedOver { Attempt: var attempt }])
            return;
        // Nothing left: a hand-over whose record took too long is asked about again.
        var outcome = IsStale(asked)
            ? SendOutcome.Deferred("clearance-expired")
            : await ways.Of(plan.Channel)!
                .Send(
                    new()
                    {
                        Id = due.MessageId,
                        Attempt = attempt,
                        Channel = plan.Channel,
                        Purpose = plan.Purpose,
                        Template = plan.Template,
                        Language = template.Language,
                        Address = clearance.Address!,
                        Name = clearance.Name,
                        Subject = subject,
                        Text = text,
                        Html = html,
                    }
                );
        // Also when the service stops: what is known now would otherwise be in doubt.
        await store.Write(
            new Request(clock, CancellationToken.None),
            Message.Of(due.MessageId),
            m => m.Settle(attempt, outcome, clock.GetUtcNow())
        );
    }

    string? Obstacle(DueMessage due) =>
        ways.Of(due.Channel) is null ? NotSentReasons.NoWay
        : !templates.Has(due.Template) ? NotSentReasons.NoTemplate
        : null;

    bool IsStale(long asked) => clock.GetElapsedTime(asked) >= Clearances.Valid;

    Task NotSent(DueMessage due, string reason, CancellationToken ct) =>
        store.Write(new Request(clock, ct), Message.Of(due.MessageId), m => m.NotSend(reason, clock.GetUtcNow()));
}
