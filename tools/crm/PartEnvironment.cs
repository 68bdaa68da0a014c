using CrmPlatform.Rooms;
using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>Every setting that a program is started with.</summary>
public static class PartEnvironment
{
    /// <summary>Marks a process as ours: a pid alone may belong to somebody else by now.</summary>
    public const string Mark = "CRM_PART";

    /// <summary>
    /// Bytes that are allocated before the youngest generation is collected, as deploy/docker/Dockerfile says too (docs/decisions/0030).
    /// </summary>
    public const string YoungestGeneration = "0x4000000";

    public static string MarkOf(Instance instance, Part part) => Path.Combine(instance.Run, part.Name);

    public static Dictionary<string, string> Of(Part part, Instance instance, Secrets secrets)
    {
        var company = Company.Of(instance);
        var settings = new Dictionary<string, string>
        {
            [Mark] = MarkOf(instance, part),
            ["ASPNETCORE_URLS"] = instance.AddressOf(part).ToString().TrimEnd('/'),
            ["Auth__Authority"] = instance.Gateway.ToString().TrimEnd('/'),
            ["DOTNET_GCgen0size"] = YoungestGeneration,
            ["Business__TimeZone"] = company.Zone,
            ["Business__Currency"] = company.Currency,
            ["Business__Region"] = company.Region,
        };
        // Settings of this installation's own; what ./crm up itself is started with wins over them.
        foreach (var (name, value) in OwnSettings.Of(instance))
            if (Environment.GetEnvironmentVariable(name) is null)
                settings.TryAdd(name, value);
        if (part.Room is { } room)
        {
            settings["ConnectionStrings__Postgres"] = Connection(instance, room.Database, part.AppRole, secrets, pool: 25);
            settings["ConnectionStrings__RabbitMq"] = BrokerAddress(instance, part, secrets);
        }
        if (part.Room?.PersonalData == true)
        {
            settings["PersonalData__MasterKey"] = secrets.MasterKey;
            settings["PersonalData__IndexKey"] = secrets.IndexKey;
            if (secrets.PreviousMasterKey is { } previous)
                settings["PersonalData__PreviousMasterKey"] = previous;
            if (part.Name == "customers")
                settings["PersonalData__ErasureList"] = new ErasureList(instance).Kept;
        }
        if (part.Room?.Sends == true)
        {
            settings["Sending__ClientId"] = part.Name;
            settings["Sending__ClientSecret"] = secrets.SecretOf(Client.Named(part.Name));
            // Mail of a demo ends in files; an installation's own settings send it.
            settings.TryAdd("Sending__Channels__email__Way", "file");
            settings.TryAdd("Sending__Channels__email__Folder", instance.PathOf(Path.Combine("sent", part.Name)));
            settings.TryAdd("Sending__Values__address", instance.Gateway.ToString().TrimEnd('/'));
        }
        foreach (var asked in part.Room?.Asked ?? Room.All)
            settings["Services__" + asked.Project] = instance.AddressOf(Part.Named(asked.Name)).ToString().TrimEnd('/');
        if (part == Part.Gateway)
        {
            settings["Auth__SigningKeys__0"] = secrets.SigningKeyPem;
            foreach (var (client, n) in Client.All.Select((client, n) => (client, n)))
            {
                settings[$"Auth__Clients__{n}__Id"] = client.Id;
                settings[$"Auth__Clients__{n}__Secret"] = secrets.SecretOf(client);
                foreach (var (permission, m) in client.Permissions.Select((permission, m) => (permission, m)))
                    settings[$"Auth__Clients__{n}__Permissions__{m}"] = permission;
            }
        }
        return settings;
    }

    /// <summary>
    /// The migration runs as the owner of the tables, and makes the room's user at the broker as its administrator; the application's role
    /// is named so that it can be granted to.
    /// </summary>
    public static Dictionary<string, string> OfMigration(Part part, Instance instance, Secrets secrets)
    {
        var settings = Of(part, instance, secrets);
        if (instance.RabbitMqHttp is { } management)
            settings["ConnectionStrings__RabbitMqManagement"] = management.ToString();
        settings["ConnectionStrings__PostgresOwner"] = Connection(instance, part.Database!, part.OwnerRole, secrets, pool: 5);
        return settings;
    }

    /// <summary>
    /// With the room's own user, which its migration makes; with the one that was given, where the broker's management is not known.
    /// </summary>
    private static string BrokerAddress(Instance instance, Part part, Secrets secrets) =>
        instance.RabbitMqHttp is null
            ? instance.RabbitMq
            : new UriBuilder(instance.RabbitMq) { UserName = part.Name, Password = secrets.PasswordOf(part.Database + "_broker") }
                .Uri
                .AbsoluteUri;

    private static string Connection(Instance instance, string database, string role, Secrets secrets, int pool) =>
        new NpgsqlConnectionStringBuilder(instance.PostgresAdmin)
        {
            Database = database,
            Username = role,
            Password = secrets.PasswordOf(role),
            MaxPoolSize = pool,
        }.ConnectionString;
}
