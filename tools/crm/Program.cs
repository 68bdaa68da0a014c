using System.CommandLine;
using CrmPlatform.Crm;
using Spectre.Console;
using static CrmPlatform.Crm.Verbs;

if (Console.IsOutputRedirected)
{
    // For a file or a pipe: no colours, no moving bars, and lines as long as they are.
    AnsiConsole.Profile.Capabilities.Ansi = AnsiConsole.Profile.Capabilities.Interactive = false;
    AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
    AnsiConsole.Profile.Width = 160;
}
try
{
    _ = CrmPlatform.Rooms.Room.All;
}
catch (TypeInitializationException e)
{
    await Console.Error.WriteLineAsync($"crm: {e.InnerException!.Message}");
    return 1;
}
var customer = Look.Customer;
var letter = new Argument<string>("id") { Description = "the event's id, or all" };
var why = new Option<string>("--why") { Description = "the reason, for the record", Required = true };
var folder = new Argument<string?>("folder") { Description = "where to; backups/<time> when left out", Arity = ArgumentArity.ZeroOrOne };
var client = new Argument<string>("client") { Description = "demo, analyst or ops", DefaultValueFactory = _ => Client.Demo.Id };
var quick = new Option<bool>("--quick") { Description = "load, score and compare with the files, nothing more" };

var root = new RootCommand(
    """
    CrmPlatform. Also, without the platform running:
      up [--servers-only]      start PostgreSQL, RabbitMQ and the programs
      down                     stop exactly what was started; the data stay
      reset [--yes]            throw all data away
      test [--long] [Name…]    every test on private servers
      bench event-store        what the event store costs, against bare PostgreSQL; benchmarks/EventStore/README.md
      bench loyalty            what earning, redeeming, statements and a million expiries cost; benchmarks/Loyalty/README.md
      bench customers          comparing 1,000,000 customers; or segmentation: their lifetime; or service-desk: figures
      bench platform           what a portrait and a purchase cost through the gateway; benchmarks/Platform/README.md
      docs                     write docs/events.md, schemas and asyncapi.yaml
      psql … | rabbitmqctl …   into the private servers
    """
)
{
    Verb("up", "start what is not running", (o, ct) => Done(Services.Up(o.Instance, o.Secrets, ct))),
    Verb("down", "stop the programs", (o, ct) => Done(Services.Down(o.Instance, ct))),
    Verb("restart", "end one of the programs and start it again, with the settings and keys of now", Look.Restart, Look.Program),
    Verb("status", "each part's health; exit code 3 when one is down", (o, ct) => Services.Status(o.Instance, o.Json, ct)),
    Verb(
        "demo",
        "load the sample shop and show what became of it",
        (o, ct) => Demo.Run(o.Instance, o.Secrets, o.Arguments.GetValue(quick), ct),
        quick
    ),
    Verb(
        "token",
        "an access token for calling the gateway",
        async (o, ct) =>
        {
            Console.WriteLine(await Api.Token(Client.Named(o.Arguments.GetValue(client)!), o.Instance, o.Secrets, ct));
            return 0;
        },
        client
    ),
    Verb(
        "import",
        "send a file of customers, purchases, returns, tickets or a programme through the gateway; import template KIND prints a file",
        ImportFile.Run,
        ImportFile.Kind,
        ImportFile.File,
        ImportFile.DryRun,
        ImportFile.Charset,
        ImportFile.Separator,
        ImportFile.IgnoreUnknown,
        ImportFile.Id,
        ImportFile.Results
    ),
    Verb(
        "retract",
        "take back what an import has told; without --reason only say what that would do",
        RetractFile.Run,
        RetractFile.What,
        RetractFile.Source,
        RetractFile.Reason,
        RetractFile.Forget
    ),
    Merges.Candidates,
    Merges.Made,
    Verb("portrait", "everything that is known about one customer", Look.Portrait, customer),
    Verb(
        "resend",
        "a room that only reads hears everything again; it keeps each event once",
        (o, ct) =>
            o.AsOps(
                (api, token) =>
                    Resend.To(api, o.Instance, o.Arguments.GetValue(Resend.Listener)!, o.Arguments.GetValue(Resend.From), token),
                ct
            ),
        Resend.Listener,
        Resend.From
    ),
    Verb("forget", "destroy what names a customer; totals and ledgers stay", Look.Forget, customer, Look.Yes),
    Verb(
        "rooms",
        "what rooms.json declares; --write brings docker-compose.yml and deploy/ in line with it",
        DeclaredRooms.Run,
        DeclaredRooms.Write
    ),
    Verb("new-room", "make a room that builds, migrates and answers, from a template", NewRoom.Run, NewRoom.Name),
    Verb("permissions", "what endpoints ask for, and which client has it", DeclaredRooms.Permissions),
    Verb("logs", "what the programs said", Look.Logs, Look.Part, Look.Follow),
    Verb("migrate", "make databases, roles and tables", (o, ct) => Done(Migrate.All(o.Instance, o.Secrets, ct))),
    new Command("dead-letters", "facts that a context could not process")
    {
        Verb("list", "all of them", (o, ct) => o.AsOps((api, token) => DeadLetters.List(api, o.Json, token), ct)),
        Verb(
            "replay",
            "try again, then what waits behind",
            (o, ct) => o.AsOps((api, token) => DeadLetters.Decide(api, o.Arguments.GetValue(letter)!, "replay", new { }, token), ct),
            letter
        ),
        Verb(
            "drop",
            "give up, for the record",
            (o, ct) =>
                o.AsOps(
                    (api, token) =>
                        DeadLetters.Decide(api, o.Arguments.GetValue(letter)!, "drop", new { why = o.Arguments.GetValue(why) }, token),
                    ct
                ),
            letter,
            why
        ),
    },
    Followed(
        Verb(
            "followers",
            "what follows the logs: how far it is, who runs it, where it is stuck; exit code 1 when something is",
            (o, ct) => o.AsOps((api, token) => Followers.List(api, o.Json, token), ct)
        ),
        Verb(
            "skip",
            "let a follower pass the event that it is stuck at, for the record",
            (o, ct) =>
                o.AsOps(
                    (api, token) =>
                        Followers.Skip(
                            api,
                            o.Arguments.GetValue(Followers.Name)!,
                            o.Arguments.GetValue(Followers.Sequence),
                            o.Arguments.GetValue(why)!,
                            o.Arguments.GetValue(Followers.Service),
                            token
                        ),
                    ct
                ),
            Followers.Name,
            Followers.Sequence,
            why,
            Followers.Service
        )
    ),
    new Command("stream", "the analysts' stream")
    {
        Verb("address", "where analysts read, with their read-only user", Look.StreamAddress),
        Verb(
            "refill",
            "write every public fact to the stream again; readers keep each event id once",
            (o, ct) => o.AsOps(Look.RefillStream, ct)
        ),
    },
    Verb(
        "backup",
        "dump the databases; keys of personal data apart",
        (o, ct) => Done(Backup.To(o.Folder(folder), o.Instance, o.Secrets, TimeProvider.System, ct)),
        folder
    ),
    Verb("restore", "put a backup back in place of what is there", Look.Restored, Look.Folder, Look.Yes, Look.Erasures),
    Followed(
        Verb("erasures", "how many people were forgotten, by the list that is kept beside the databases", Forgotten.Show),
        Verb("export", "write the list to a file, of this installation or of another (--gateway)", Forgotten.Export, Forgotten.File),
        Verb("apply", "forget everybody on a list who is not forgotten yet", Forgotten.Apply, Forgotten.File)
    ),
    Verb(
        "hashes",
        "one hash per log and read model",
        async (o, ct) =>
        {
            var hashes = await Hash.Of(Part.Contexts, o.Instance, ct);
            if (o.Json)
                Look.Json(hashes);
            else
                Hash.Print(hashes);
            return 0;
        }
    ),
};
root.Options.Add(Json);
root.Options.Add(Gateway);
return await root.Parse(args).InvokeAsync();
