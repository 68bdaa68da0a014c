extern alias Loyalty;

using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CrmPlatform.Platform.Tests;

/// <summary>A process that is suspended keeps its sessions; the work that it holds must not wait for it: seen on loyalty.</summary>
public sealed class FrozenReplicaTests(Room<Loyalty::Program> room) : IClassFixture<Room<Loyalty::Program>>
{
    [Fact]
    public async Task due_work_that_a_frozen_replica_holds_is_taken_over_within_seconds()
    {
        await using var frozen = new NpgsqlConnection(room.Database.App);
        await frozen.OpenAsync();
        await using var hold = new NpgsqlCommand(
            "select pg_advisory_lock_shared(hashtext('crm-process'), 4711), pg_advisory_lock(hashtext('crm-due'), hashtext('held'))",
            frozen
        );
        await hold.ExecuteNonQueryAsync();

        var work = new Held();
        await room.Services.GetRequiredService<DueRunner>().Run(work).WaitAsync(TimeSpan.FromSeconds(20));
        work.EndsWithItsProcess.ShouldBeTrue("the session that works can be told from those of other processes");
        await Should.ThrowAsync<NpgsqlException>(() => hold.ExecuteNonQueryAsync());
    }

    sealed class Held : IDueWork
    {
        public string Name => "held";
        public TimeSpan Every => TimeSpan.FromHours(1);
        public bool EndsWithItsProcess { get; private set; }

        public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
        {
            await using var command = new NpgsqlCommand(
                """
                select exists (select from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and objsubid = 2
                    and classid = hashtext('crm-process')::oid)
                """,
                connection
            );
            EndsWithItsProcess = await command.ExecuteScalarAsync(ct) is true;
            return [];
        }
    }
}
