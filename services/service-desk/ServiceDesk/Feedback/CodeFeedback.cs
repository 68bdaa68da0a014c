using CrmPlatform.ServiceDesk.Surveys;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>
/// Codes what customers wrote by the rules of the codebook, the newest first; after a new version all of it again. Texts of whom was
/// forgotten cannot be read any more: they keep the codes that they have.
/// </summary>
public sealed class CodeFeedback(DeskOptions options, EventStore store) : IDueWork
{
    const int AtOnce = 1_000;

    public string Name => "feedback-codes";
    public TimeSpan Every => options.BreachEvery;

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var (codebook, _) = await store.Read(Codebook.Stream, ct);
        var rows = await connection.QueryAsync<Said>(
            new CommandDefinition(
                """
                select feedback_id, customer_id, source, said_at, version is null as is_new from feedback
                where not forgotten and version is distinct from @Version order by said_at desc limit @AtOnce
                """,
                new { codebook.Version, AtOnce },
                cancellationToken: ct
            )
        );
        var (rules, writes) = (new ThemeRules(codebook.Themes), new List<Write>());
        foreach (var row in rows)
        {
            var themes = rules.ThemesOf(await TextOf(store, row.FeedbackId, ct) ?? "");
            writes.Add(
                Write.To(
                    Coding.Of(row.FeedbackId),
                    coding =>
                        coding.Version == codebook.Version && !row.IsNew
                            ? []
                            :
                            [
                                new FeedbackCoded(
                                    FeedbackId: row.FeedbackId,
                                    CustomerId: row.CustomerId,
                                    Source: row.Source,
                                    Version: codebook.Version,
                                    Themes: themes,
                                    Again: coding.Version is not null,
                                    SaidAt: row.SaidAt
                                ),
                            ]
                )
            );
        }
        return writes;
    }

    /// <summary>What the customer wrote, in its own stream, as it was changed last; null once they are forgotten.</summary>
    public static async Task<string?> TextOf(EventStore store, Guid feedbackId, CancellationToken ct) =>
        (await store.FetchStream(feedbackId, ct: ct))
            .Select(e =>
                e.Data switch
                {
                    TicketOpened { Personal.Value: { } t } => t.Body is null ? t.Subject : t.Subject + "\n" + t.Body,
                    FeedbackReceived { Personal.Value: { } m } => m.Text,
                    IAnswered { Personal.Value: { } a } => string.Join(
                        '\n',
                        a.ByQuestion.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value)
                    ),
                    _ => null,
                }
            )
            .LastOrDefault(text => text is not null);

    sealed class Said
    {
        public Guid FeedbackId { get; init; }
        public Guid CustomerId { get; init; }
        public string Source { get; init; } = "";
        public DateTimeOffset SaidAt { get; init; }

        /// <summary>Said, or said otherwise, since it was coded.</summary>
        public bool IsNew { get; init; }
    }
}
