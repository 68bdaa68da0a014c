using System.CommandLine;

namespace CrmPlatform.Crm;

/// <summary>Makes the commands of the command line.</summary>
static class Verbs
{
    public static readonly Option<bool> Json = new("--json") { Description = "lists as JSON, for other programs", Recursive = true };

    public static readonly Option<string?> Gateway = new("--gateway")
    {
        Description = "another installation's gateway (or CRM_GATEWAY), as the client CRM_CLIENT_ID with CRM_CLIENT_SECRET",
        Recursive = true,
    };

    public static Command Followed(Command list, params Command[] more)
    {
        foreach (var command in more)
            list.Subcommands.Add(command);
        return list;
    }

    public static async Task<int> Done(Task work)
    {
        await work;
        return 0;
    }

    public static Command Verb(string name, string description, Func<Call, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
            if (symbol is Option option)
                command.Options.Add(option);
            else
                command.Arguments.Add((Argument)symbol);
        command.SetAction(
            async (arguments, ct) =>
            {
                try
                {
                    if (arguments.GetValue(Gateway) is { } elsewhere)
                        Environment.SetEnvironmentVariable("CRM_GATEWAY", elsewhere);
                    var instance = Instance.Open();
                    return await run(new(arguments, instance, Secrets.Of(instance)), ct);
                }
                catch (Exception problem) when (problem is CrmException or HttpRequestException or IOException or Npgsql.NpgsqlException)
                {
                    await Console.Error.WriteLineAsync($"crm: {problem.Message}");
                    return 1;
                }
            }
        );
        return command;
    }
}
