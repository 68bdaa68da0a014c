#!/usr/bin/env bash
# A private PostgreSQL and RabbitMQ for one run directory. No systemd, no docker, nothing outside that directory.
#   tools/infra.sh up [postgres]|down|restart|reset|status|env|ports|rooms|psql …|pg_dump …|pg_basebackup FOLDER|rabbitmqctl …|packages [deb…]
# CRM_RUN_DIR (default .crm) says which instance; ports and passwords are generated once into $CRM_RUN_DIR/env.
# CRM_PG_ARCHIVE, a folder, keeps every WAL segment there, for a restore to any instant (deploy/README.md).
# CRM_PG_SHARED_BUFFERS (default 256MB) and CRM_PG_HUGE_PAGES (try, on, off) are PostgreSQL's own settings, read at each start.
set -euo pipefail
umask 077
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
RUN="${CRM_RUN_DIR:-.crm}"
case "$RUN" in /*) ;; *) RUN="$ROOT/$RUN" ;; esac
ENVF="$RUN/env"
log(){ printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
die(){ log "ERROR: $*"; exit 1; }

# ---- packages ----------------------------------------------------------------------------
find_bins(){ # plain ifs: a failing "[ ] && x" as the last command would end the script under set -e
  local d; PGBIN=""; RMQBIN=""
  for d in /usr/lib/postgresql/{18,17,16,15}/bin; do if [ -x "$d/postgres" ]; then PGBIN=$d; break; fi; done
  if [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then RMQBIN=/usr/lib/rabbitmq/bin; fi
}
install_packages(){ # never called for what is there already: apt would upgrade it under running servers
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null; then log "apt needs root: sudo $0 packages $*"; sudo env CRM_RUN_DIR="$RUN" "$0" packages "$@"; return; fi
    die "missing: $*. Once, as root: apt-get install -y --no-install-recommends $*"
  fi
  command -v apt-get >/dev/null || die "missing: $*. There is no apt-get here; install them by hand"
  log "installing with apt: $* (their system-wide services are not started)"
  # The packages' own scripts would create a cluster and start servers on 5432 and 5672:
  # create_main_cluster=false makes no cluster, policy-rc.d 101 starts nothing.
  mkdir -p /etc/postgresql-common; chmod 755 /etc/postgresql-common
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    printf 'create_main_cluster = false\nstart_conf = manual\n' > /etc/postgresql-common/createcluster.conf
    chmod 644 /etc/postgresql-common/createcluster.conf
  fi
  local policy="" rc=0 out; out=$(mktemp)
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; policy=1
  fi
  export DEBIAN_FRONTEND=noninteractive
  # An update that fails (offline) is no reason to stop: the packages may be in the cache.
  apt-get -o DPkg::Lock::Timeout=600 update -qq >"$out" 2>&1 || log "apt-get update failed; trying with what is cached"
  ( umask 022; apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "$@" >>"$out" 2>&1 ) || rc=$?
  if [ -n "$policy" ]; then rm -f /usr/sbin/policy-rc.d; fi
  if [ $rc != 0 ]; then tail -20 "$out" >&2; rm -f "$out"; die "apt failed ($rc)"; fi
  rm -f "$out"
}
ensure_packages(){
  find_bins
  local need=()
  [ -n "$PGBIN" ]  || need+=(postgresql)
  [ -n "$RMQBIN" ] || need+=(rabbitmq-server)
  command -v setpriv >/dev/null || need+=(util-linux)
  [ ${#need[@]} -eq 0 ] && return 0
  install_packages "${need[@]}"
  find_bins; [ -n "$PGBIN" ] && [ -n "$RMQBIN" ] || die "packages installed but the servers were not found"
}

# ---- ports and passwords -----------------------------------------------------------------
port_busy(){ (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
rand(){ od -An -N"${1:-18}" -tx1 /dev/urandom | tr -d ' \n'; }
value(){ if [ -f "$1" ]; then sed -n "s/^$2=//p" "$1" | tail -1; fi; }
load_env(){ # read, not sourced: connection strings contain semicolons
  local k v
  while IFS='=' read -r k v; do case "$k" in [A-Z]*) export "$k=$v" ;; esac; done < "$ENVF"
}
rooms(){ sed -n 's/.*"name": *"\([a-z-]*\)".*"port": *\([0-9]*\).*/\1 \2/p' "$ROOT/rooms.json"; } # name and port of each
port_of(){ local v=${1^^}; echo "CRM_${v//-/_}_PORT"; } # the setting that holds a room's port
free_block(){ # prints the first port of a free block of 40, below the ephemeral range 32768–60999
  local h=$1 avoid=$2 i p base other taken=" $2 "
  for other in "$ROOT"/.crm*/env; do # another instance of this checkout keeps its block also while it is down
    if [ -f "$other" ] && [ "$other" != "$ENVF" ]; then taken+="$(value "$other" CRM_PG_PORT) "; fi
  done
  for ((i=0;i<300;i++)); do
    base=$(( 20000 + ((h + i) % 300) * 40 ))
    case "$taken" in *" $base "*) continue ;; esac
    for p in 0 1 2 3 4 5 16 20 $(rooms | cut -d' ' -f2); do if port_busy $((base+p)); then continue 2; fi; done
    echo "$base"; return 0
  done
  die "no free block of ports"
}
write_env(){ # $1 = first port; passwords and the instance's name survive a move to other ports
  local b=$1 pgpw rmqpw name
  name=$(value "$ENVF" CRM_INSTANCE); pgpw=$(value "$ENVF" CRM_PG_PASSWORD); rmqpw=$(value "$ENVF" CRM_RMQ_PASSWORD)
  : "${name:=crm$(printf %08x "$HASH")}" "${pgpw:=$(rand)}" "${rmqpw:=$(rand)}"
  cat > "$ENVF.tmp" <<E
CRM_INSTANCE=$name
CRM_PG_PORT=$b
CRM_RMQ_PORT=$((b+1))
CRM_RMQ_HTTP_PORT=$((b+2))
CRM_RMQ_STREAM_PORT=$((b+3))
CRM_RMQ_DIST_PORT=$((b+4))
CRM_EPMD_PORT=$((b+5))
CRM_PROMETHEUS_PORT=$((b+16))
CRM_GATEWAY_PORT=$((b+20))
$(rooms | while read -r room port; do echo "$(port_of "$room")=$((b+port))"; done)
CRM_PG_USER=crm
CRM_PG_PASSWORD=$pgpw
CRM_RMQ_USER=crm
CRM_RMQ_PASSWORD=$rmqpw
CRM_RMQ_VHOST=crm
CRM_POSTGRES=Host=127.0.0.1;Port=$b;Username=crm;Password=$pgpw;Database=postgres
CRM_RABBITMQ=amqp://crm:$rmqpw@127.0.0.1:$((b+1))/crm
CRM_RABBITMQ_HTTP=http://crm:$rmqpw@127.0.0.1:$((b+2))
CRM_TEST_POSTGRES=Host=127.0.0.1;Port=$b;Username=crm;Password=$pgpw;Database=postgres
CRM_TEST_RABBITMQ=amqp://crm:$rmqpw@127.0.0.1:$((b+1))/
CRM_TEST_RABBITMQ_HTTP=http://crm:$rmqpw@127.0.0.1:$((b+2))
E
  mv "$ENVF.tmp" "$ENVF"
}
make_env(){ # only `up` may choose ports
  [ "$(rooms | wc -l)" = "$(grep -c '"name"' "$ROOT/rooms.json")" ] || die "rooms.json: each room stands on a line of its own, its name before its port"
  HASH=$(printf %s "$RUN" | cksum | cut -d' ' -f1)
  if [ ! -s "$ENVF" ]; then write_env "$(free_block "$HASH" -)"; load_env; return; fi
  load_env
  # An instance of an earlier version: a room that came since has no port yet.
  local room port
  while read -r room port; do
    if [ "$(value "$ENVF" "$(port_of "$room")")" != $((CRM_PG_PORT + port)) ]; then write_env "$CRM_PG_PORT"; load_env; break; fi
  done < <(rooms)
  if pg_pid >/dev/null || rmq_pid >/dev/null; then return; fi
  local p
  for p in $CRM_PG_PORT $CRM_RMQ_PORT $CRM_RMQ_HTTP_PORT $CRM_RMQ_STREAM_PORT $CRM_PROMETHEUS_PORT; do
    if port_busy "$p"; then
      log "port $p is taken by another program: moving this instance to other ports"
      write_env "$(free_block "$HASH" "$CRM_PG_PORT")"; load_env; return
    fi
  done
}

# ---- who runs the servers ----------------------------------------------------------------
# Sets AS_PG / AS_RMQ: command prefixes that run as an unprivileged user.
pick_users(){
  if [ "$(id -u)" != 0 ]; then AS_PG=(env); AS_RMQ=(env); PGOWN=""; RMQOWN=""; return; fi
  PGOWN=postgres; RMQOWN=rabbitmq
  AS_PG=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  AS_RMQ=(setpriv --reuid=rabbitmq --regid=rabbitmq --init-groups --)
  # A root checkout below a private directory (a mode 700 home): the service users cannot reach it.
  # A user namespace makes geteuid() non-zero for postgres while the files stay root's own.
  id -u postgres >/dev/null 2>&1 || return 0
  local d=$RUN
  while [ "$d" != / ]; do d=$(dirname "$d")
    if ! "${AS_PG[@]}" test -x "$d" 2>/dev/null && unshare --user --map-user="$(id -u postgres)" --map-group="$(id -g postgres)" true 2>/dev/null; then
      AS_PG=(unshare --user --map-user="$(id -u postgres)" --map-group="$(id -g postgres)" --); AS_RMQ=(env); PGOWN=""; RMQOWN=""; break
    fi
  done
}
check_traverse(){ # every parent of $RUN must be searchable by the service user
  local d="$RUN"
  "$@" test -x "$d" 2>/dev/null && return 0
  while [ "$d" != / ]; do
    d=$(dirname "$d")
    "$@" test -x "$d" 2>/dev/null || die "user of '$*' cannot enter $d (mode $(stat -c %a "$d")): move the checkout out of a private home, or set CRM_RUN_DIR"
  done
}
prep_dirs(){
  chmod 711 "$RUN"
  mkdir -p "$RUN/pg" "$RUN/rmq"; chmod 700 "$RUN/pg" "$RUN/rmq"
  [ -z "$PGOWN" ]  || { [ "$(stat -c %U "$RUN/pg")" = "$PGOWN" ] || chown -R "$PGOWN:$PGOWN" "$RUN/pg"; }
  [ -z "$RMQOWN" ] || { [ "$(stat -c %U "$RUN/rmq")" = "$RMQOWN" ] || chown -R "$RMQOWN:$RMQOWN" "$RUN/rmq"; }
  check_traverse "${AS_PG[@]}"; check_traverse "${AS_RMQ[@]}"
}

# ---- PostgreSQL --------------------------------------------------------------------------
# MALLOC_*: glibc gives memory back to the kernel after nearly every query and faults it in again: a tenth of a busy server's time.
pg(){ ( cd "$RUN/pg"; "${AS_PG[@]}" env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE LC_ALL=C.UTF-8 TZ=UTC MALLOC_TRIM_THRESHOLD_=33554432 MALLOC_TOP_PAD_=1048576 "$PGBIN/$1" "${@:2}" ); }
pg_init(){
  [ -f "$RUN/pg/data/PG_VERSION" ] && return 0
  rm -rf "$RUN/pg/data" "$RUN/pg/data.new"
  printf %s "$CRM_PG_PASSWORD" > "$RUN/pg/pw"; [ -z "$PGOWN" ] || chown "$PGOWN" "$RUN/pg/pw"
  # data.new, then rename: an interrupted initdb must not look like a finished one
  pg initdb -D "$RUN/pg/data.new" -U "$CRM_PG_USER" --pwfile="$RUN/pg/pw" -A scram-sha-256 \
     -E UTF8 --locale=C.UTF-8 --lc-messages=C --data-checksums >"$RUN/pg.init.log" 2>&1 \
     || { cat "$RUN/pg.init.log" >&2; rm -rf "$RUN/pg/data.new"; die "initdb failed"; }
  rm -f "$RUN/pg/pw"
  mv "$RUN/pg/data.new" "$RUN/pg/data"
}
pg_conf(){ # rewritten on every start: one place for settings
  cat > "$RUN/pg/data/crm.conf" <<E
listen_addresses = '127.0.0.1'
port = $CRM_PG_PORT
unix_socket_directories = ''          # a deep checkout path would exceed the 107-byte limit
max_connections = 300
shared_buffers = ${CRM_PG_SHARED_BUFFERS:-256MB}
huge_pages = ${CRM_PG_HUGE_PAGES:-try}
wal_compression = lz4
max_wal_size = 2GB
checkpoint_timeout = 15min
log_timezone = 'UTC'
timezone = 'UTC'
log_line_prefix = '%m [%p] %a '
cluster_name = '$CRM_INSTANCE'
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track_utility = off  # the text of 'alter role … password' would be kept
# Personal data never reaches the log: no statements, no parameters, no row details.
log_statement = 'none'
log_duration = off
log_min_duration_statement = -1
log_min_duration_sample = -1
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
E
  if [ -n "${CRM_PG_ARCHIVE:-}" ]; then
    mkdir -p "$CRM_PG_ARCHIVE"; [ -z "$PGOWN" ] || chown "$PGOWN:$PGOWN" "$CRM_PG_ARCHIVE"
    cat >> "$RUN/pg/data/crm.conf" <<E
archive_mode = on
archive_timeout = 60                  # at most this many seconds are lost with the disk
# Under another name first: half a segment must not look like a whole one.
archive_command = 'test ! -f "$CRM_PG_ARCHIVE/%f" && cp %p "$CRM_PG_ARCHIVE/.%f" && mv "$CRM_PG_ARCHIVE/.%f" "$CRM_PG_ARCHIVE/%f"'
E
  fi
  grep -q "^include 'crm.conf'" "$RUN/pg/data/postgresql.conf" || echo "include 'crm.conf'" >> "$RUN/pg/data/postgresql.conf"
  [ -z "$PGOWN" ] || chown "$PGOWN:$PGOWN" "$RUN/pg/data/crm.conf"
}
pg_pid(){ # live postmaster of our data dir. (pg_ctl status only does kill(pid,0): a zombie or a reused pid reads as running)
  local p; p=$(head -1 "$RUN/pg/data/postmaster.pid" 2>/dev/null) || return 1
  [ -n "$p" ] && [ -r "/proc/$p/cmdline" ] && tr '\0' ' ' < "/proc/$p/cmdline" 2>/dev/null | grep -qF "$RUN/pg/data" && echo "$p"
}
pg_accepts(){ "$PGBIN/pg_isready" -q -t 2 -h 127.0.0.1 -p "$CRM_PG_PORT"; }
pg_sql(){ PGPASSWORD=$CRM_PG_PASSWORD "$PGBIN/psql" -X -h 127.0.0.1 -p "$CRM_PG_PORT" -U "$CRM_PG_USER" -d postgres -v ON_ERROR_STOP=1 -Atqc "$1"; }
pg_up(){
  pg_init
  if ! pg_pid >/dev/null; then
    rm -f "$RUN/pg/data/postmaster.pid"
    pg_conf
    pg pg_ctl -D "$RUN/pg/data" -l "$RUN/pg/server.log" -w -t 60 start >/dev/null 9>&- \
       || { tail -20 "$RUN/pg/server.log" >&2; die "PostgreSQL did not start"; }
  fi
  local i; for ((i=0;i<100;i++)); do if pg_accepts; then break; fi; sleep 0.1; done
  while [ "$(pg_sql 'select pg_is_in_recovery()')" = t ]; do sleep 0.2; done   # a restore to an instant replays first
  [ "$(pg_sql "select current_setting('cluster_name')")" = "$CRM_INSTANCE" ] || die "port $CRM_PG_PORT answers, but it is not this instance's PostgreSQL"
}
pg_down(){ if pg_pid >/dev/null; then pg pg_ctl -D "$RUN/pg/data" -m fast -w -t 60 stop >/dev/null; fi; }

# ---- RabbitMQ ----------------------------------------------------------------------------
rmq_env(){ # clean environment: nothing of the caller's RABBITMQ_*/ERL_*/NOTIFY_SOCKET leaks in
  RMQ_ENV=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
    HOME="$RUN/rmq"                               # .erlang.cookie lives here
    ERL_EPMD_PORT="$CRM_EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1
    ERL_CRASH_DUMP="$RUN/rmq/log/erl_crash.dump"
    RABBITMQ_CONF_ENV_FILE="$RUN/rmq/none.env"    # ignore /etc/rabbitmq/rabbitmq-env.conf
    RABBITMQ_CONFIG_FILE="$RUN/rmq/rabbitmq.conf"
    RABBITMQ_ADVANCED_CONFIG_FILE="$RUN/rmq/advanced.config"
    RABBITMQ_ENABLED_PLUGINS_FILE="$RUN/rmq/enabled_plugins"
    RABBITMQ_NODENAME="$CRM_INSTANCE@localhost"   # a host name may change or not resolve
    RABBITMQ_NODE_PORT="$CRM_RMQ_PORT" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
    RABBITMQ_DIST_PORT="$CRM_RMQ_DIST_PORT"
    RABBITMQ_BASE="$RUN/rmq" RABBITMQ_MNESIA_BASE="$RUN/rmq/mnesia" RABBITMQ_LOG_BASE="$RUN/rmq/log"
    RABBITMQ_SCHEMA_DIR="$RUN/rmq/schema" RABBITMQ_GENERATED_CONFIG_DIR="$RUN/rmq/config"
    RABBITMQ_PID_FILE="$RUN/rmq/pid"
    RUNNING_UNDER_SYSTEMD=true                    # makes the script exec erl: one process, no sh wrapper
    # idle Erlang schedulers must not spin: the cores are shared with PostgreSQL and the programs
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
    RABBITMQ_CTL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
    RABBITMQ_CTL_DIST_PORT_MIN=$((CRM_EPMD_PORT+1)) RABBITMQ_CTL_DIST_PORT_MAX=$((CRM_EPMD_PORT+10)))
}
rmq_conf(){
  local memory; memory=$(awk '/^MemTotal/{m=$2*1024/3; if (m>2147483648) m=2147483648; printf "%d", m}' /proc/meminfo)
  mkdir -p "$RUN/rmq/mnesia" "$RUN/rmq/log" "$RUN/rmq/schema" "$RUN/rmq/config"
  [ -s "$RUN/rmq/.erlang.cookie" ] || printf %s "$(rand 20)" > "$RUN/rmq/.erlang.cookie"
  chmod 400 "$RUN/rmq/.erlang.cookie"
  printf '[rabbitmq_management,rabbitmq_stream,rabbitmq_prometheus].\n' > "$RUN/rmq/enabled_plugins"
  cat > "$RUN/rmq/rabbitmq.conf" <<E
listeners.tcp.1 = 127.0.0.1:$CRM_RMQ_PORT
management.tcp.ip = 127.0.0.1
management.tcp.port = $CRM_RMQ_HTTP_PORT
stream.listeners.tcp.1 = 127.0.0.1:$CRM_RMQ_STREAM_PORT
stream.advertised_host = 127.0.0.1
stream.advertised_port = $CRM_RMQ_STREAM_PORT
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $CRM_PROMETHEUS_PORT
default_user = $CRM_RMQ_USER
default_pass = $CRM_RMQ_PASSWORD
default_vhost = $CRM_RMQ_VHOST
default_user_tags.administrator = true
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
vm_memory_high_watermark.absolute = $memory
disk_free_limit.absolute = 500MB
log.file.level = warning
log.file.rotation.size = 10485760
log.file.rotation.count = 2
log.console = false
E
  [ -z "$RMQOWN" ] || chown -R "$RMQOWN:$RMQOWN" "$RUN/rmq/mnesia" "$RUN/rmq/log" "$RUN/rmq/schema" "$RUN/rmq/config" "$RUN/rmq/.erlang.cookie" "$RUN/rmq/enabled_plugins" "$RUN/rmq/rabbitmq.conf"
}
rmq_pid(){ # pid of OUR broker: the node name is set at run time, so it is not in the command line; the environment is
  local p; p=$(cat "$RUN/rmq/pid" 2>/dev/null) || return 1
  [ -n "$p" ] && { tr '\0' '\n' < "/proc/$p/environ"; } 2>/dev/null | grep -qxF "RABBITMQ_PID_FILE=$RUN/rmq/pid" && echo "$p"
}
rmq_ready(){ port_busy "$CRM_RMQ_PORT" && port_busy "$CRM_RMQ_HTTP_PORT" && port_busy "$CRM_RMQ_STREAM_PORT"; }
rmq_up(){
  if ! rmq_pid >/dev/null; then
    rm -f "$RUN/rmq/pid"
    rmq_conf
    ( cd "$RUN/rmq"; ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
      exec setsid "${AS_RMQ[@]}" "${RMQ_ENV[@]}" "$RMQBIN/rabbitmq-server" </dev/null >>"$RUN/rmq.out" 2>&1 9>&- ) &
  fi
  local i
  for ((i=0;i<900;i++)); do
    rmq_ready && return 0
    sleep 0.1
    if [ $((i % 20)) = 19 ] && [ $i -gt 100 ] && ! rmq_pid >/dev/null; then tail -30 "$RUN/rmq.out" >&2; die "RabbitMQ exited during start"; fi
  done
  die "RabbitMQ not ready after 90 s; see $RUN/rmq/log"
}
epmd_pids(){ # the name server of the Erlang VM outlives the broker; ours is known by its private port
  local d
  for d in /proc/[0-9]*; do
    if [ "$(cat "$d/comm" 2>/dev/null)" = epmd ] && { tr '\0' '\n' < "$d/environ"; } 2>/dev/null | grep -qx "ERL_EPMD_PORT=$CRM_EPMD_PORT"; then echo "${d#/proc/}"; fi
  done
}
rmq_down(){
  local p i
  if p=$(rmq_pid); then
    kill -TERM "$p"      # the Erlang VM turns SIGTERM into an orderly stop
    for ((i=0;i<600;i++)); do [ -d "/proc/$p" ] || break; sleep 0.1; done
    if [ -d "/proc/$p" ]; then log "RabbitMQ did not stop in 60 s, killing it"; kill -KILL "$p"; fi
  fi
  for p in $(epmd_pids); do kill "$p" 2>/dev/null || true; done
}

# ---- verbs -------------------------------------------------------------------------------
up(){ # $1 = postgres: nothing else is started
  local t0 t1 r pg=started rmq=started
  mkdir -p "$RUN"; t0=$(date +%s%3N); ensure_packages; pick_users; make_env; prep_dirs; rmq_env
  if pg_pid >/dev/null; then pg="was running"; fi
  if rmq_pid >/dev/null; then rmq="was running"; fi
  if [ "${1:-}" = postgres ]; then pg_up; t1=$(date +%s%3N); log "PostgreSQL 127.0.0.1:$CRM_PG_PORT $pg ($((t1-t0)) ms)"; return; fi
  rmq_up & r=$!; pg_up; wait $r || exit 1; t1=$(date +%s%3N)
  log "PostgreSQL 127.0.0.1:$CRM_PG_PORT $pg, RabbitMQ 127.0.0.1:$CRM_RMQ_PORT $rmq ($((t1-t0)) ms)"
}
down(){
  local r
  if [ ! -s "$ENVF" ]; then return 0; fi
  find_bins; pick_users; load_env; rmq_env
  rmq_down & r=$!; pg_down; wait $r || true
  log "PostgreSQL and RabbitMQ of $RUN are down"
}
status(){
  local rc=0 p
  if [ ! -s "$ENVF" ]; then echo "never started"; exit 3; fi
  find_bins; pick_users; load_env
  if p=$(pg_pid) && pg_accepts; then echo "postgres up 127.0.0.1:$CRM_PG_PORT (pid $p)"; else echo "postgres down"; rc=3; fi
  if p=$(rmq_pid) && rmq_ready; then echo "rabbitmq up 127.0.0.1:$CRM_RMQ_PORT (pid $p)"; else echo "rabbitmq down"; rc=3; fi
  exit $rc
}
# One command at a time per instance: two test runs may both call `up`.
case "${1:-up}" in up|down|restart|reset|ports)
  mkdir -p "$(dirname "$RUN")"; exec 9>"$RUN.lock"; flock -w 180 9 || die "another infra.sh is busy with $RUN" ;;
esac
case "${1:-up}" in
  up) up "${2:-}" ;;
  down) down ;;
  restart) down; up ;;
  reset) down; rm -rf "$RUN" ;;
  status) status ;;
  env) cat "$ENVF" ;;
  ports) mkdir -p "$RUN"; make_env ;;   # chooses them without starting anything
  rooms) rooms | cut -d' ' -f1 ;;
  packages) shift; if [ $# -gt 0 ]; then install_packages "$@"; else ensure_packages; fi ;;
  psql) load_env; find_bins; PGPASSWORD=$CRM_PG_PASSWORD exec "$PGBIN/psql" -h 127.0.0.1 -p "$CRM_PG_PORT" -U "$CRM_PG_USER" "${@:2}" ;;
  pg_dump) load_env; find_bins; PGPASSWORD=$CRM_PG_PASSWORD exec "$PGBIN/pg_dump" -h 127.0.0.1 -p "$CRM_PG_PORT" -U "$CRM_PG_USER" "${@:2}" ;;
  pg_basebackup) load_env; find_bins; pick_users; mkdir -p "$2"; chmod 700 "$2"; [ -z "$PGOWN" ] || chown "$PGOWN:$PGOWN" "$2"
    PGPASSWORD=$CRM_PG_PASSWORD pg pg_basebackup -h 127.0.0.1 -p "$CRM_PG_PORT" -U "$CRM_PG_USER" -D "$2" -c fast -X stream ;;
  rabbitmqctl|rabbitmq-diagnostics|rabbitmq-queues|rabbitmq-plugins|rabbitmq-streams)
    load_env; find_bins; pick_users; rmq_env; exec "${AS_RMQ[@]}" "${RMQ_ENV[@]}" "$RMQBIN/$1" "${@:2}" ;;
  *) die "usage: $0 up [postgres]|down|restart|reset|status|env|ports|rooms|psql …|pg_dump …|pg_basebackup FOLDER|rabbitmqctl …|packages [deb…]" ;;
esac
