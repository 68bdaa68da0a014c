extern alias Gateway;
extern alias Loyalty;

using System.Security.Cryptography;
using System.Text.Json;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;

namespace CrmPlatform.Platform.Tests;

/// <summary>A room whose settings are wrong does not start, and says which they are and what was expected.</summary>
public class StartTests
{
    [Theory]
    [InlineData("Households:MostMembers", "1", "MostMembers", "between 2 and 100")]
    [InlineData("Referrals:Every", "00:00:00", "Every", "between")]
    [InlineData("Loyalty:AdjustAlone", "-1", "Loyalty: AdjustAlone is 0 or more", "KeepDays 31 or more")]
    [InlineData("Care:Version", "0", "Care: Version", "must say something")]
    [InlineData("Households:MostMember", "4", "Households:MostMember is unknown", "MostMembers")]
    [InlineData("Households:MostMembers", "many", "Households:MostMembers", "many")]
    [InlineData("Business:TimeZone", "Mars/Phobos", "Business: TimeZone is 'Mars/Phobos'", "a zone like Asia/Shanghai")]
    [InlineData("ConnectionStrings:Postgres", "foo", "ConnectionStrings:Postgres", "a connection string like Host=")]
    [InlineData("ConnectionStrings:RabbitMq", "rabbit", "ConnectionStrings:RabbitMq", "an address like amqp://")]
    [InlineData("PersonalData:MasterKey", "short", "PersonalData:MasterKey", "32 bytes in base64")]
    [InlineData("PublicStream:SegmentBytes", "abc", "PublicStream:SegmentBytes", "a whole number, 1000 or more")]
    [InlineData("Http:MaxBodyBytes", "-1", "Http:MaxBodyBytes", "a whole number, 1 or more")]
    [InlineData("Telemetry:TraceRatio", "7", "Telemetry:TraceRatio", "a number from 0 to 1")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT", "an address like http://")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke", "OTEL_EXPORTER_OTLP_PROTOCOL", "one of http/protobuf, grpc")]
    public async Task a_wrong_setting_is_named_with_what_was_expected(string name, string value, string says, string expected)
    {
        await using var vhost = await TestVhost.Create();
        await using var database = await TestDatabase.Create(CrmService.Tables);
        await using var room = RoomProcess.Start<Loyalty::Program>(
            new Dictionary<string, string>
            {
                ["ConnectionStrings:Postgres"] = database.App,
                ["ConnectionStrings:RabbitMq"] = vhost.Address,
                ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
                ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
                [name] = value,
            }
        );
        var (code, errors) = await room.Ended();
        code.ShouldBe(2, errors);
        errors.ShouldStartWith("loyalty: ");
        errors.ShouldContain(says);
        errors.ShouldContain(expected);
        errors.ShouldNotContain("   at ", Case.Sensitive, "no stack trace");
    }

    [Theory]
    [InlineData("Auth:SigningKeys:0", "no key", "Auth:SigningKeys:0 must be an EC private key")]
    [InlineData("Auth:Authority", "", "Auth:Authority must be an absolute address")]
    [InlineData("Auth:Clients:0:Secret", "short", "Auth:Clients:0:Secret must be 16 characters or more")]
    [InlineData("Auth:Clients:3:Secret", "a secret that is long enough", "Auth:Clients:3:Id must be the client's name")]
    [InlineData("Services:Loyalty", "", "Services:Loyalty must be the address")]
    [InlineData("RateLimits:Client:Burst", "many", "RateLimits:Client:Burst")]
    public async Task a_wrong_setting_of_the_gateway_is_named_in_a_sentence(string name, string value, string says)
    {
        var settings = CrmPlatform.Rooms.Room.All.ToDictionary(room => $"Services:{room.Project}", _ => "http://127.0.0.1:9");
        settings["Auth:Authority"] = "http://gateway:8080";
        settings["Auth:Clients:0:Id"] = "shop";
        settings["Auth:Clients:0:Secret"] = "a secret that is long enough";
        settings[name] = value;
        await using var gateway = RoomProcess.Start(
            typeof(Gateway::Program).Assembly,
            Path.Combine(TestServers.Root, "services", "gateway", "Gateway"),
            settings
        );
        var (code, errors) = await gateway.Ended();
        code.ShouldBe(2, errors);
        errors.ShouldStartWith("gateway: ");
        errors.ShouldContain(says);
        errors.ShouldNotContain("   at ", Case.Sensitive, "no stack trace");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_room_whose_stored_keys_do_not_open_does_not_start(bool rotated)
    {
        await using var vhost = await TestVhost.Create();
        await using var database = await TestDatabase.Create(CrmService.Tables);
        var (lost, other) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        await Store(database, lost);
        await using var room = Loyalty(database, vhost, ("PreviousMasterKey", rotated ? Convert.ToBase64String(other) : ""));
        var (code, errors) = await room.Ended();
        code.ShouldBe(2, errors);
        errors.ShouldStartWith("loyalty: PersonalData:MasterKey");
        errors.ShouldContain("docs/operating.md");
        errors.ShouldNotContain("   at ", Case.Sensitive, "no stack trace");

        await using var mended = Loyalty(database, vhost, ("PreviousMasterKey", Convert.ToBase64String(lost)));
        await mended.Listens();
        await mended.Stop();
    }

    [Fact]
    public async Task before_its_migration_a_room_says_so_in_a_sentence()
    {
        await using var vhost = await TestVhost.Create();
        await using var database = await TestDatabase.Create(log: false);
        await using var room = Loyalty(database, vhost);
        var (code, errors) = await room.Ended();
        code.ShouldBe(1, errors);
        errors.ShouldBe(
            $"loyalty: the tables in database {database.Name} are missing or of an earlier version: "
                + "run this program with the argument migrate first\n"
        );
    }

    [Fact]
    public async Task a_start_writes_json_lines_and_warns_of_nothing()
    {
        await using var vhost = await TestVhost.Create();
        await using var database = await TestDatabase.Create(CrmService.Tables);
        await using var room = Loyalty(database, vhost);
        await room.Listens();
        await room.Stop();
        var (output, errors) = await room.Written();
        errors.ShouldBeEmpty();
        var lines = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToList();
        lines.Count.ShouldBeGreaterThan(0);
        foreach (var line in lines)
        {
            line.GetProperty("service").GetString().ShouldBe("loyalty");
            line.GetProperty("level").GetString().ShouldBe("Information", line.ToString());
        }
    }

    /// <summary>The key of a person, encrypted with this master key, and that of one who was forgotten.</summary>
    static async Task Store(TestDatabase database, byte[] master)
    {
        var person = Guid.CreateVersion7();
        var (nonce, wrapped, tag) = (RandomNumberGenerator.GetBytes(12), new byte[32], new byte[16]);
        using (var aes = new AesGcm(master, 16))
            aes.Encrypt(nonce, RandomNumberGenerator.GetBytes(32), wrapped, tag, person.ToByteArray());
        await using var app = database.Open();
        await using var insert = app.CreateCommand("insert into data_keys (subject, wrapped) values ($1, $2), (gen_random_uuid(), null)");
        insert.Parameters.Add(new() { Value = person });
        insert.Parameters.Add(new() { Value = (byte[])[.. nonce, .. wrapped, .. tag] });
        await insert.ExecuteNonQueryAsync();
    }

    static RoomProcess Loyalty(TestDatabase database, TestVhost vhost, params (string Key, string Value)[] personal)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:Postgres"] = database.App,
            ["ConnectionStrings:RabbitMq"] = vhost.Address,
            ["PersonalData:MasterKey"] = Convert.ToBase64String(new byte[32]),
            ["PersonalData:IndexKey"] = Convert.ToBase64String(new byte[32]),
        };
        foreach (var (key, value) in personal)
            settings["PersonalData:" + key] = value;
        return RoomProcess.Start<Loyalty::Program>(settings);
    }
}
