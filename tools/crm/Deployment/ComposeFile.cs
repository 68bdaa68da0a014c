using CrmPlatform.Rooms;

namespace CrmPlatform.Crm;

/// <summary>What docker-compose.yml says of each room.</summary>
static class ComposeFile
{
    public static string Addresses => RoomFiles.Each(Address);

    public static string Passwords =>
        RoomFiles.Each(room =>
            $$"""
                      {{room.Variable}}_OWNER_PASSWORD: ${{{room.Variable}}_OWNER_PASSWORD:?}
                      {{room.Variable}}_APP_PASSWORD: ${{{room.Variable}}_APP_PASSWORD:?}

                """
        );

    public static string Services =>
        RoomFiles.Each(room =>
            $$"""
                  {{room.Name}}:
                    <<: *service
                    image: crm/{{room.Name}}:${CRM_VERSION:-local}
                    build: { context: ., dockerfile: deploy/docker/Dockerfile, args: { SERVICE: {{room.Name}} } }
                    environment:
                      <<: [ *business{{(room.Asks.Contains("*") ? ", *rooms" : "")}} ]
                      ConnectionStrings__Postgres: {{RoomFiles.Connection(
                    room,
                    "postgres",
                    "app"
                )}};Password=${{{room.Variable}}_APP_PASSWORD:?};Maximum Pool Size=25
                      ConnectionStrings__RabbitMq: {{Broker(room)}}
                {{Some(room)}}{{Keys(room)}}{{Sender(room)}}    depends_on:
                      {{room.Name}}-migrate: { condition: service_completed_successfully }
                      rabbitmq: { condition: service_healthy }

                  {{room.Name}}-migrate:
                    <<: *migration
                    image: crm/{{room.Name}}:${CRM_VERSION:-local}
                    environment:
                      <<: *broker-admin
                      ConnectionStrings__Postgres: {{RoomFiles.Connection(room, "postgres", "app")}}
                      ConnectionStrings__PostgresOwner: {{RoomFiles.Connection(
                    room,
                    "postgres",
                    "owner"
                )}};Password=${{{room.Variable}}_OWNER_PASSWORD:?}
                      ConnectionStrings__RabbitMq: {{Broker(room)}}


                """
        );

    /// <summary>The secrets of the clients of rooms that send, for the gateway.</summary>
    public static string Senders =>
        string.Concat(
            Client
                .All.Select((client, n) => (client, n))
                .Where(c => Room.All.Any(room => room.Name == c.client.Id))
                .Select(c => $"      Auth__Clients__{c.n}__Secret: ${{{Room.Named(c.client.Id).Variable}_CLIENT_SECRET:?}}\n")
        );

    static string Sender(Room room) =>
        !room.Sends
            ? ""
            : $$"""
                      Sending__ClientId: {{room.Name}}
                      Sending__ClientSecret: ${{{room.Variable}}_CLIENT_SECRET:?}
                      Sending__Values__address: ${PUBLIC_ADDRESS:-http://localhost:8080}

                """;

    static string Broker(Room room) => $"amqp://{room.Name}:${{{room.Variable}_BROKER_PASSWORD:?}}@rabbitmq:5672/crm";

    static string Address(Room room) => $"  Services__{room.Project}: http://{room.Name}:8080\n";

    static string Some(Room room) => room.Asks.Contains("*") ? "" : RoomFiles.Each(room.Asked, asked => "    " + Address(asked));

    static string Keys(Room room) =>
        !room.PersonalData
            ? ""
            : $$"""
                      PersonalData__MasterKey: ${{{room.Variable}}_MASTER_KEY:?}
                      PersonalData__PreviousMasterKey: ${{{room.Variable}}_MASTER_KEY_BEFORE:-}
                      PersonalData__IndexKey: ${{{room.Variable}}_INDEX_KEY:?}

                """;
}
