using System.Diagnostics;
using CrmPlatform.EventStoreBenchmarks;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.ServiceDesk.Surveys;

namespace CrmPlatform.ServiceDeskBenchmarks;

/// <summary>Results of a survey with a score, a choice of several and another score, beside counting the rows.</summary>
static class Surveys
{
    static readonly Guid id = Survey.IdOf("bench");

    public static async Task Measure(Database database, Settings settings, List<Row> rows)
    {
        if (!settings.Wants("survey"))
            return;
        const int answers = 100_000;
        await Fill(answers);
        var survey = Survey.Initial.Evolve(new SurveyPublished("bench", 1, Content(), DateTimeOffset.UnixEpoch));
        var times = new List<double>();
        SurveyResults? results = null;
        for (var i = 0; i <= settings.Rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            results = await GetResults.Of(database.Db, survey, new(id, null, null, null, null), default);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        var median = times[1..].Order().ElementAt(settings.Rounds / 2);
        rows.Add(
            new(
                $"results of {results!.Finished:N0} answers of {results.Invited:N0} invitations",
                "c = 1",
                $"{median:0} ms",
                Goal: "<= 500 ms",
                Met: median <= 500
            )
        );
        var bare = Stopwatch.GetTimestamp();
        await database.Scalar<long>("select count(code) from survey_answers");
        var counted = Stopwatch.GetElapsedTime(bare).TotalMilliseconds;
        rows.Add(new("results: counting the rows that they are made of", "c = 1", $"{counted:0} ms, 1 / {median / counted:0.0}"));
    }

    static SurveyContent Content()
    {
        var text = new Wording(En: "x");
        return new(
            SurveyContent.Relational,
            "nps",
            text,
            text,
            [
                new("nps", "nps", text),
                new("ces", "ces", text),
                new("why", "choice", text, [new("a", text), new("b", text), new("c", text)], Many: true),
            ]
        );
    }

    /// <summary>Two of five invited answer; of a choice of three they choose two.</summary>
    static async Task Fill(int answers)
    {
        await using var owner = new Npgsql.NpgsqlConnection(Database.Owner);
        await owner.OpenAsync();
        await using var tables = new Npgsql.NpgsqlCommand(
            $"""
            create schema if not exists read; grant usage on schema read to bench_app;
            set search_path = read; {new InvitationList().Ddl}; {new MessagesView().Ddl};
            grant select on all tables in schema read to bench_app;
            insert into invitations (invitation_id, survey_id, version, customer_id, wave, state, made_at, expires_at)
                select md5('i' || n)::uuid, '{id}', 1, md5('c' || n)::uuid, 'w' || n % 4,
                    case when n % 5 < 2 then 'finished' else 'expired' end, timestamptz '2026-01-01' + n * interval '1 minute',
                    timestamptz '2026-01-15' + n * interval '1 minute'
                from generate_series(1, {answers * 5 / 2}) n;
            insert into survey_answers (invitation_id, question, place, code, survey_id, version, wave, made_at)
                select i.invitation_id, a.question, a.place, a.code, i.survey_id, 1, i.wave, i.made_at
                from invitations i, lateral (values
                    ('nps', 1, (get_byte(uuid_send(i.invitation_id), 0) % 11)::text),
                    ('ces', 1, (1 + get_byte(uuid_send(i.invitation_id), 1) % 7)::text), ('why', 1, 'a'),
                    ('why', 2, case when get_byte(uuid_send(i.invitation_id), 2) < 99 then 'b' else 'c' end)) a (question, place, code)
                where i.state = 'finished';
            analyze invitations; analyze survey_answers; analyze messages
            """,
            owner
        )
        {
            CommandTimeout = 900,
        };
        await tables.ExecuteNonQueryAsync();
    }
}
