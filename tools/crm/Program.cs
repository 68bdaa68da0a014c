using System.CommandLine;
using CrmPlatform.Crm;

var id = new Argument<string>("id") { Description = "a customer's id, or system:value of an external id" };
var folder = new Argument<string?>("folder") { Description = "where the backup lives", Arity = ArgumentArity.ZeroOrOne };
var client = new Argument<string>("client") { Description = "demo, analyst or ops", DefaultValueFactory = _ => Client.Demo.Id };
var part = new Argument<string?>("part") { Description = "one of the five programs; all when left out", Arity = ArgumentArity.ZeroOrOne };
var follow = new Option<bool>("--follow", "-f") { Description = "go on showing what is added" };

var root = new RootCommand("""
    CrmPlatform. Also, without the platform running:
      up [--servers-only]      start PostgreSQL, RabbitMQ and the five programs
      down                     stop exactly what was started; the data stay
      reset [--yes]            throw all data away
      test [--long] [Name…]    every test on private servers
      psql … | rabbitmqctl …   into the private servers
    """)
{
    Verb("up", "start what is not running", (o, ct) => Done(Services.Up(o.Instance, o.Secrets, ct))),
    Verb("down", "stop the five programs", (o, ct) => Done(Services.Down(o.Instance, ct))),
    Verb("status", "each part's health; exit code 3 when one is down", (o, ct) => Services.Status(o.Instance, ct)),
    Verb("migrate", "make databases, roles and tables", (o, ct) => Done(Migrate.All(o.Instance, o.Secrets, ct))),
    Verb("hashes", "one hash per log and read model", async (o, ct) => { Hash.Print(await Hash.All(o.Instance, ct)); return 0; }),
    Verb("token", "an access token for calling the gateway", async (o, ct) =>
    {
        Console.WriteLine(await Api.Token(Client.Named(o.Arguments.GetValue(client)!), o.Instance, o.Secrets, ct));
        return 0;
    }, client),
};
return await root.Parse(args).InvokeAsync();

static async Task<int> Done(Task work) { await work; return 0; }

static Command Verb(string name, string description, Func<Call, CancellationToken, Task<int>> run, params Symbol[] symbols)
{
    var command = new Command(name, description);
    foreach (var symbol in symbols)
        if (symbol is Option option) command.Options.Add(option);
        else command.Arguments.Add((Argument)symbol);
    command.SetAction(async (arguments, ct) =>
    {
        try
        {
            var instance = Instance.Open();
            return await run(new(arguments, instance, Secrets.Of(instance)), ct);
        }
        catch (CrmException problem)
        {
            await Console.Error.WriteLineAsync($"crm: {problem.Message}");
            return 1;
        }
    });
    return command;
}
