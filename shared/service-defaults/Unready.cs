using Microsoft.Extensions.Configuration;
using RabbitMQ.Client.Exceptions;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What keeps a service from starting that an operator can mend: told in a sentence, without a stack trace.</summary>
static class Unready
{
    /// <summary>Null for an error that is not of this kind.</summary>
    public static string? Why(Exception e, IConfiguration configuration)
    {
        if (e is BrokerUnreachableException or HttpRequestException)
        {
            var broker = Broker.Address(configuration);
            return $"the broker at {broker.Host} cannot be reached, or refuses its administrator ({LogContent.TypesOf(e)})";
        }
        var database = new NpgsqlConnectionStringBuilder(configuration["ConnectionStrings:Postgres"]);
        return e switch
        {
            PostgresException
            {
                SqlState: PostgresErrorCodes.UndefinedTable
                    or PostgresErrorCodes.UndefinedColumn
                    or PostgresErrorCodes.UndefinedFunction
                    or PostgresErrorCodes.InvalidSchemaName
            } => $"the tables in database {database.Database} are missing or of an earlier version: run this program with the argument "
                + "migrate first",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"there is no database {database.Database} at {database.Host}:{database.Port}",
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                $"the database {database.Database} refuses {database.Username} or the password in ConnectionStrings:Postgres",
            PostgresException { IsTransient: false } => null,
            not NpgsqlException => null,
            _ => $"the database at {database.Host}:{database.Port} cannot be reached ({LogContent.TypesOf(e)})",
        };
    }
}
