using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>A message that was planned, and what became of it.</summary>
public sealed record MessageShown
{
    /// <summary>Id of the message; its Message-ID begins with it.</summary>
    public Guid MessageId { get; init; }
    public Guid CustomerId { get; init; }

    /// <summary>What it is sent for: the customer must have consented to this purpose on the channel.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The way to reach the customer: <c>email</c>.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Code of the template that it is rendered from.</summary>
    public string Template { get; init; } = "";

    /// <summary>
    /// <c>planned</c>, <c>handedOver</c> (the dialogue is going on), <c>accepted</c>, <c>deferred</c>, <c>refused</c>, <c>inDoubt</c>
    /// (nobody knows whether it was taken), <c>notSent</c> or <c>cancelled</c>.
    /// </summary>
    public MessageState State { get; init; }

    /// <summary>Why it was not accepted, as a code: <c>no-consent</c>, <c>too-late</c>, <c>smtp-550</c>; null where nothing stood
    /// against it.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>How often it was handed over.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is due for what comes next; null if nothing does.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>From then on it is not sent any more.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>When it was planned.</summary>
    public DateTimeOffset PlannedAt { get; init; }

    /// <summary>When it came to its state.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    internal const string Rows = """
        select message_id, customer_id, purpose, channel, template, state, reason, attempts, next_at, until, planned_at, changed_at
        from messages
        """;

    /// <summary>All messages to a customer, oldest first.</summary>
    public static Task<List<MessageShown>> To(NpgsqlDataSource db, Guid customerId, CancellationToken ct) =>
        db.Query<MessageShown>($"{Rows} where customer_id = @customerId order by planned_at, message_id", new { customerId }, ct);
}

/// <summary>The room's messages and what became of each, newest first.</summary>
static class GetMessages
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "messages",
                "List messages to customers and what became of each, newest first",
                room.Context + ".messages.read",
                async (
                    [Description("Only messages to this customer.")] Guid? customerId,
                    [Description("Only planned, handedOver, accepted, deferred, refused, inDoubt, notSent or cancelled.")] string? state,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    var (at, id) = TimeCursor.Parse(after);
                    var rows = await db.Query<MessageShown>(
                        $"""
                        {MessageShown.Rows}
                        where (@customerId::uuid is null or customer_id = @customerId) and (@state::text is null or state = @state)
                            and (@at::timestamptz is null or (planned_at, message_id) < (@at, @id))
                        order by planned_at desc, message_id desc limit @size + 1
                        """,
                        new
                        {
                            customerId,
                            state = state is null ? null : Word(state).ToString(),
                            at,
                            id,
                            size,
                        },
                        ct
                    );
                    return Page.Of(rows, size, last => TimeCursor.Of(last.PlannedAt, last.MessageId));
                }
            )
            .WithTags("messages");

    static MessageState Word(string text) =>
        Enum.TryParse<MessageState>(text, ignoreCase: true, out var word) && text.All(char.IsAsciiLetter)
            ? word
            : throw new BadRequestException("state", "planned, handedOver, accepted, deferred, refused, inDoubt, notSent or cancelled");
}
