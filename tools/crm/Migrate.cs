using Npgsql;
using Spectre.Console;

namespace CrmPlatform.Crm;

/// <summary>
/// Makes each context's database and its two roles, then lets each service bring its own tables up to date. Safe to repeat.
/// </summary>
public static class Migrate
{
    public static async Task All(Instance instance, Secrets secrets, CancellationToken ct)
    {
        await using (var admin = NpgsqlDataSource.Create(instance.PostgresAdmin))
            foreach (var part in Part.Contexts)
                await MakeDatabase(admin, part, secrets, ct);
        await Task.WhenAll(Part.Contexts.Select(part => Tables(part, instance, secrets, ct)));
        using var broker = Broker.Of(instance);
        if (broker is not null)
            await broker.EnsureAnalyst(secrets, ct);
        AnsiConsole.WriteLine("databases are up to date");
    }

    public static async Task MakeDatabase(NpgsqlDataSource admin, Part part, Secrets secrets, CancellationToken ct)
    {
        foreach (var role in new[] { part.OwnerRole, part.AppRole })
        {
            // The names are ours and the password is hexadecimal: DDL takes no parameters.
            var verb = await Exists(admin, "select 1 from pg_roles where rolname = $1", role, ct) ? "alter" : "create";
            await Run(admin, $"{verb} role {role} login password '{secrets.PasswordOf(role)}'", ct);
        }
        if (!await Exists(admin, "select 1 from pg_roles where rolname = current_user and rolsuper and $1 <> ''", part.OwnerRole, ct))
            await Run(admin, $"grant {part.OwnerRole} to current_user", ct); // only a superuser may give a database to a role it is not in
        if (await Exists(admin, "select 1 from pg_database where datname = $1", part.Database!, ct))
            return;
        await Run(admin, $"create database {part.Database} owner {part.OwnerRole} encoding 'UTF8' template template0", ct);
        await Run(admin, $"revoke connect on database {part.Database} from public", ct);
        await Run(admin, $"grant connect on database {part.Database} to {part.AppRole}", ct);
    }

    private static async Task Tables(Part part, Instance instance, Secrets secrets, CancellationToken ct)
    {
        var (code, output) = await Processes.Run(
            "dotnet",
            [instance.ProgramOf(part), "migrate"],
            PartEnvironment.OfMigration(part, instance, secrets),
            ct
        );
        if (code != 0)
            throw new CrmException($"the migration of {part.Name} failed ({code}):\n{output}");
    }

    private static async Task<bool> Exists(NpgsqlDataSource db, string sql, string name, CancellationToken ct)
    {
        await using var command = db.CreateCommand(sql);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(ct) is not null;
    }

    internal static async Task Run(NpgsqlDataSource db, string sql, CancellationToken ct)
    {
        await using var command = db.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }
}
