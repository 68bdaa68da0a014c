using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Merging;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using CrmPlatform.EventStoreBenchmarks;

namespace CrmPlatform.CustomersBenchmarks;

/// <summary>Who may be the same as a new customer among many, and what merging costs.</summary>
static class Matching
{
    public static async Task Measure(Room room, int customers, Settings settings, List<Row> rows)
    {
        var region = new ServiceDefaults.Business().Region;
        // Half of them are registered already, with another e-mail address.
        var (known, newcomers) = (new Population(1), new Population(3));
        var profiles = Enumerable
            .Range(0, 1_000)
            .SelectMany(n => new[] { Again(known.Next(n), n), newcomers.Next(20_000_000 + n) })
            .Select(details => MatchProfile.Of(CustomerKind.Individual, details, region, new()))
            .ToArray();
        var turn = 0;
        MatchProfile Next() => profiles[Interlocked.Increment(ref turn) % profiles.Length];
        if (settings.Wants("candidates"))
        {
            await Row("candidates: the database", 10, _ => room.Matches.Find([new(Next(), null, [])], default));
            await Row("candidates: with opening and scoring", 15, _ => room.Matches.Of(new SoughtProfile(Next(), null, []), default));
            var (found, scored) = (0, 0);
            foreach (var profile in profiles.Take(200))
            {
                var matches = await room.Matches.Of(new SoughtProfile(profile, null, []), default);
                (found, scored) = (found + matches.Count(m => m.Verdict != MatchVerdict.None), scored + matches.Count);
            }
            rows.Add(new("candidates: scored and found per profile", "", $"{scored / 200d:0.0} and {found / 200d:0.00}"));
        }
        if (settings.Wants("merge") || settings.Wants("profile"))
        {
            var pairs = room.People.Chunk(2).Take(5_000).ToArray();
            var (at, made) = (0, new List<Guid>());
            var merges = await Slice.Run(
                1,
                settings.StoreSlice,
                async _ =>
                {
                    var pair = pairs[at++];
                    var id = Guid.CreateVersion7();
                    await room.Merger.Make(new(TimeProvider.System), id, pair[0], pair[1], "bench", MergedBy.Person);
                    made.Add(id);
                }
            );
            rows.Add(Checked("merge", 20, merges));
            var undone = 0;
            rows.Add(
                Checked(
                    "unmerge",
                    20,
                    await Slice.Run(
                        1,
                        settings.StoreSlice / 4,
                        _ =>
                            undone < made.Count
                                ? room.Merger.Undo(new(TimeProvider.System), made[undone++], "bench")
                                : throw new InvalidOperationException("more is undone than was made")
                    )
                )
            );
        }

        async Task Row(string work, double most, Func<int, Task> command)
        {
            await Slice.Run(1, settings.WarmUp, command);
            rows.Add(Checked($"{work}, of {customers:N0}", most, await Slice.Run(1, 5 * settings.StoreSlice, command)));
        }
    }

    static PersonalDetails Again(PersonalDetails there, int number) =>
        there with
        {
            Contacts = [there.Contacts[0], new("email", $"again{number}@mail.test")],
        };

    public static Row Checked(string work, double most, Slice slice) =>
        slice.Failures.Count > 0
            ? throw slice.Failures[0]
            : Bench.Shown(work, 1, slice) with
            {
                Goal = $"p99 <= {most} ms",
                Met = slice.P99 <= most,
            };
}
