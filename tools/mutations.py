#!/usr/bin/env python3
"""Breaks one mechanism of the event store after the other and shows that a test notices.

    ./crm test --servers && tools/mutations.py [word…]      those whose name contains a word; about 20 s each

Works on a copy in .crm-mutations, never on the checkout. A mutation that no longer applies, or that every test survives, is an error.
"""
import os, pathlib, re, shutil, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / ".crm-mutations"
STORE = "shared/event-sourcing/EventSourcing/"
TESTS = "shared/event-sourcing/EventSourcing.Tests"

# What is broken · file · the text · what stands there instead · the tests that must notice (any of them)
MUTATIONS = [
    ("the append does not ask the stream's version", "Append.cs", "where s.id = k.id and s.version = k.loaded", "where s.id = k.id", "a_cached_state_newer_than_the_log_is_discarded"),
    ("the append does not count the rows that grew", "Append.cs", "= $10)::int = 1", ">= 0 and $10 > 0)::int = 1", "a_cached_state_newer_than_the_log_is_discarded"),
    ("streams are never unique by version", "Schema.cs", "grant usage on schema public to :app;", "drop index if exists public.pk_mt_events_stream_and_version; grant usage on schema public to :app;", "the_tables_are_those|of_32_writers|replicas_that_start"),
    ("a conflict is not retried", "Writer.cs", "when (IsConflict(e) && attempt < Attempts)", "when (IsConflict(e) && attempt < 0)", "a_stale_cached_state_never_decides"),
    ("an expected version is not compared", "Attempt.cs", "expected != at[0].Version)", "expected < 0)", "a_stale_expected_version_is_refused"),
    ("a cached state is taken for current", "Attempt.Stream.cs", "public bool Proven => blind || Fresh || New.Count > 0;", "public bool Proven => true;", "a_stale_cached_state_never_decides"),
    ("every no-op is taken for lasting", "Attempt.cs", "writes[i].NothingLasts && ", "", "a_stale_cached_state_never_decides"),
    ("no no-op is taken for lasting", "Attempt.cs", "writes[i].NothingLasts && ", "writes[i] is null && ", "only_a_no_op_that_lasts"),
    ("events of a refused command validate its cached state", "Attempt.cs", "command.Fail(no); RollBack(marks);", "command.Fail(no);", "events_of_a_refused_command"),
    ("a refusal rolls nothing back", "Attempt.cs", "foreach (var mark in marks) mark.Stream.BackTo(mark);", "_ = marks;", "a_refused_command_leaves_no_trace|a_refusal_rolls_back|commands_on_one_stream"),
    ("the inbox is not written", "Writer.cs", "if (attempt.Executed.Count > 0) sql.Add(", "if (attempt.Executed.Count < 0) sql.Add(", "a_message_is_executed_once|whatever_is_killed"),
    ("a refusal does not query the inbox", "Attempt.cs", "(command.Refusal is null || InboxRead || !command.Messages.Any())", "true", "a_repeated_message"),
    ("commands of a group do not see each other's messages", "Attempt.cs", "Seen.UnionWith(Executed.Skip(executed));", "", "a_message_that_arrives_twice_concurrently"),
    ("writes use the pool for reads", "EventStore.cs", "writes ?? db", "db", "writes_use_the_pool"),
    ("every command is executed alone", "GroupCommit.cs", "MaxGroupSize = 64", "MaxGroupSize = 1", "waiting_commands_share"),
    ("there is only one group at a time", "GroupCommit.cs", "MaxGroups = 2", "MaxGroups = 1", "many_waiting_commands"),
    ("two groups may contain commands on the same stream", "GroupCommit.cs", "command.Streams.Any(others.Contains)", "command.Streams.All(others.Contains) && scanned < 0", "two_groups_never_contain"),
    ("a slow group releases its streams before it has ended", "GroupCommit.cs", "        return ended;\n", "        return true;\n", "commands_on_a_locked_stream"),
    ("an error of one command fails the whole group", "Writer.cs", "when (commands.Count > 1 && WasRolledBack(e))", "when (commands.Count < 0 && WasRolledBack(e))", "an_error_fails_only_its_own_command"),
    ("the next group waits for a slow one", "GroupCommit.cs", "TimeSpan.FromMilliseconds(50)).ConfigureAwait", "TimeSpan.FromMinutes(5)).ConfigureAwait", "a_locked_stream_does_not_delay"),
    ("an unexpected error leaves commands unanswered", "Writer.cs", "                command.Fail(e);\n                command.Answer();", "                command.Fail(e);", "every_command_is_answered"),
    ("versions of blind appends are not counted", "Append.cs", "else b.version + e.version end", "else b.version end", "blind_appends_of_many_writers"),
    ("statements alongside are not executed", "Writer.cs", "command.Alongside?.Invoke(command.Results!, sql);", "_ = command;", "a_statement_alongside"),
    ("a decision about several streams is appended to the first alone", "Write.cs", "decide(new(s[0], why), new(s[1], why)));", "decide(new(s[0], why), new(s[0], why)));", "a_decision_about_several_streams"),
    ("a stream that is probably new is never loaded", "Writer.cs", "basis = Basis.Locked;\n            }", "basis = Basis.Remembered;\n            }", "a_stream_that_is_probably_new|on_a_hot_stream"),
    ("gaps are passed at once", "LogReader.cs", "|| ignoreGaps);", "|| !ignoreGaps);", "no_event_is_lost|is_waited_for|under_load_one_and_three_daemons"),
    ("gaps are passed while a transaction may still fill them", "LogReader.cs", "var passUpTo = asked && !stillHolding ? provenUpTo : 0;", "var passUpTo = asked ? provenUpTo : 0;", "no_event_is_lost|is_waited_for"),
    ("gaps are never passed", "LogReader.cs", "var passUpTo = asked && !stillHolding ? provenUpTo : 0;", "var passUpTo = 0;", "the_gap_of_a_rolled_back_transaction"),
    ("transactions with any lock are waited for", "LogReader.cs", "locktype = 'relation' and mode = 'RowExclusiveLock' and granted and relation = 'mt_events'::regclass", "granted and pid <> pg_backend_pid()", "a_long_transaction_that_never_writes_events"),
    ("every process gets the lease", "Leases.cs", "case when pg_try_advisory_lock(hashtext('crm-follower'), hashtext($2)) then", "case when hashtext($2) is not null then", "one_and_three_daemons|three_followers|an_async_projection|the_work_of"),
    ("suspended processes are not detected", "Leases.cs", "Silence = TimeSpan.FromSeconds(3)", "Silence = TimeSpan.FromHours(3)", "a_suspended_process_loses"),
    ("the checkpoint is moved whoever has moved it", "Checkpoint.cs", "case last_seq_id when $3 then $2 else $2 / (last_seq_id - last_seq_id) end", "$2 + 0 * $3", "a_rebuild_under_load|random_steps_leave"),
    ("the checkpoint is moved before the effects, in a transaction of its own", "Follower.cs", "        await process(page, connection, sql, ct);\n", "        await checkpoint.MoveTo(next, connection, ct);\n        effects.BatchCommands.Clear();\n        await process(page, connection, sql, ct);\n        if (sql.Count > 0) await effects.ExecuteNonQueryAsync(ct);\n        return;\n", "a_stuck_follower_stops_alone|whatever_is_killed"),
    ("a follower skips without an operator's decision", "Checkpoint.cs", "return skipped == 1;", "return skipped >= 0;", "a_stuck_follower_stops_alone"),
    ("any event may be skipped", "Skips.cs", ": stuck ? [skip]", ": stuck || !stuck ? [skip]", "only_the_event_that_a_follower_is_stuck_at"),
    ("other processes are not notified", "Notifications.cs", "store.Appeared.Signal();\n        };", "};", "a_commit_in_another_process_wakes"),
    ("a process does not notice that it is no longer alone", "Notifications.cs", "            Volatile.Write(ref heard, Stopwatch.GetTimestamp());\n            othersSeen.Signal();\n", "", "a_process_notifies_again"),
    ("a second handler for an event is accepted", "EventHandlers.cs", "if (!handlers.TryAdd(type, (each, page)))", "if (!handlers.TryAdd(type, (each, page)) && page < -1)", "a_second_handler_for_an_event"),
    ("a handler that matches no event is accepted", "EventTypes.cs", "return found.Count > 0 ? found", "return found.Count >= 0 ? found", "of_no_registered_event|to_no_registered_event"),
    ("a projection gets events that it has not registered", "EventHandlers.cs", "Handles = handlers.Keys.ToHashSet();", "Handles = types.ByName.Values.ToHashSet();", "a_handler_of_an_interface"),
    ("a projection that folds may be inline", "EventHandlers.cs", "        Inline ? throw Wrong(", "        Inline && pages.Count > 9 ? throw Wrong(", "an_inline_projection_that_folds"),
    ("inline views are given blind appends", "EventHandlers.cs", "if (e.Version == 0 || !handlers", "if (!handlers", "inline_handlers_get"),
    ("a swap does not lock the old tables", "Rebuild.cs", "foreach (var table in tables) await connection.Execute($\"lock table", "foreach (var table in tables.Take(0)) await connection.Execute($\"lock table", "a_write_in_progress_during_the_swap"),
    ("a new projection is empty", "ProjectionDaemon.cs", "|| empty) await connection.Execute(projection.Ddl, ct);", "|| !empty || empty) await connection.Execute(projection.Ddl, ct);", "a_new_projection_is_built|in_a_rolling_upgrade"),
    ("replicas create the tables concurrently", "Schema.cs", "select pg_advisory_lock(hashtext('crm-migrate'))", "select 1", "replicas_that_start_together"),
    ("a migration blocks writers", "Migration.cs", "lock_timeout = '300ms'", "lock_timeout = '60s'", "replicas_of_the_previous_version"),
    ("the foreign key is validated while writers are blocked", "Migration.cs", "        await Connect(owner, ct);\n", "", "a_log_of_the_previous_version"),
    ("events without a stream get none", "Migration.cs", "        await Execute(owner, Orphans, ct);\n", "", "a_log_of_the_previous_version"),
    ("replicas build projections concurrently", "ProjectionDaemon.cs", 'await connection.Execute("select pg_advisory_lock(hashtext(\'crm-prepare\'))", ct);', "", "replicas_that_start_together|a_new_projection_is_built"),
    ("event ids of a transaction do not ascend", "Attempt.cs", "Guid.CreateVersion7(now)).Order()]", "Guid.CreateVersion7(now))]", "event_ids_of_a_transaction"),
    ("retired events reach followers", "EventStoreOptions.cs", "&& !Events.IsRetired(t)", "", "retired_events"),
    ("snapshots of any version are read", "Snapshots.cs", "and n.kind = i.kind and", "and i.kind is not null and", "a_snapshot_of_another_version"),
    ("no snapshot is written", "Snapshots.cs", "if (due.Count > 0)", "if (due.Count < 0)", "a_long_stream_is_loaded|a_snapshot_is_written"),
    ("the service may change events", "Schema.cs", "then 'grant select, insert on %s to :app'", "then 'grant select, insert, update, delete on %s to :app'", "the_services_role"),
    ("a table of Marten's is not created", "Migration.cs", '!partitioned || o.Identifier.Name != "mt_events"', 'o.Identifier.Name != "mt_high_water_skips" || partitioned', "the_tables_are_those"),
    ("old shapes are not upcast", "StoredEvents.cs", "found[name] = (row, column) => old.", "found[name + name] = (row, column) => old.", "events_stored_in_an_old_shape"),
    ("Marten does not know of old shapes", "EventTypes.cs", "marten.Upcast(type, name, read);", "_ = read;", "events_stored_in_an_old_shape"),
    ("Marten turns headers into dates", "EventStoreOptions.cs", "json.Converters.Remove(guess);", "_ = guess;", "events_read_by_a_session"),
    ("tombstones reach followers", "LogReader.cs", "type <> 'tombstone' and (", "(", "followers_pass_tombstones"),
    ("a foreign session takes no lock before it appends", "../EventSourcing.Tests/ForeignMarten.cs", 'await session.Connection!.ExecuteAsync("lock table mt_events in row exclusive mode");', "", "a_number_drawn_by_marten|followers_lose_nothing"),
]


def pattern(text):
    """The text however it is broken into lines."""
    return re.compile(r"\s*".join(re.escape(token) for token in re.findall(r"\w+|[^\w\s]", text)))


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def main():
    environment = dict(os.environ, CRM_ROOT=str(ROOT))
    for line in (ROOT / ".crm-test/env").read_text().splitlines():
        if line.startswith("CRM_TEST_"):
            name, value = line.split("=", 1)
            environment[name] = value
    COPY.mkdir(exist_ok=True)
    for file in run("git", "ls-files", "-z", "shared", "docs", "tools", "*.props", "*.sln", "global.json", ".editorconfig", "*.txt", cwd=ROOT).stdout.split("\0"):
        if (ROOT / file).is_file() and file:
            (COPY / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, COPY / file)
    if run("dotnet", "build", TESTS, "-c", "Release", "-v", "q", "--nologo", cwd=COPY, env=environment).returncode:
        sys.exit("the unbroken copy does not compile")
    survived = []
    for what, file, text, instead, tests in MUTATIONS:
        if len(sys.argv) > 1 and not any(word in what for word in sys.argv[1:]):
            continue
        path = COPY / STORE / file
        original = path.read_text()
        found = list(pattern(text).finditer(original))
        if len(found) != 1:
            survived.append(f"{what}: {file} holds its text {len(found)} times")
            print(survived[-1], flush=True)
            continue
        path.write_text(original[: found[0].start()] + instead + original[found[0].end() :])
        try:
            built = run("dotnet", "build", TESTS, "-c", "Release", "-v", "q", "--nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", cwd=COPY, env=environment)
            if built.returncode:
                survived.append(f"{what}: does not compile\n{built.stdout[-300:]}")
                print(survived[-1], flush=True)
                continue
            names = "|".join(f"FullyQualifiedName~{t}" for t in tests.split("|"))
            tested = run("timeout", "240", "dotnet", "test", TESTS, "-c", "Release", "--no-build", "--nologo", "-v", "q", "--filter", names, "--logger", "console;verbosity=minimal", cwd=COPY, env=environment)
            noticed = sorted(set(re.findall(r"Failed CrmPlatform\.EventSourcing\.Tests\.\w+\.(\w+)", tested.stdout)))
            if not noticed and tested.returncode != 124:
                survived.append(f"{what}: no test noticed")
            print(f"{what}: {', '.join(noticed) or ('a test never ended' if tested.returncode == 124 else 'NO TEST NOTICED')}", flush=True)
        finally:
            path.write_text(original)
    print(f"{len(survived)} not noticed" + "".join(f"\n  {s}" for s in survived))
    return 1 if survived else 0


sys.exit(main())
