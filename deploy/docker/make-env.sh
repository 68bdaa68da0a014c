#!/bin/sh
# Writes the secrets of one installation for docker compose: deploy/docker/make-env.sh > .env
# Lose PERSONALDATA keys and every personal field is lost; keep them apart from the backups of the databases.
set -eu
umask 077
random() { openssl rand -hex 24; }
# Each room stands on a line of its own in rooms.json.
rooms() { grep "$1" "$(dirname "$0")/../../rooms.json" | sed -n 's/.*"name": *"\([a-z-]*\)".*/\1/p' | tr 'a-z-' 'A-Z_'; }
for name in POSTGRES RABBITMQ $(rooms . | sed 's/.*/&_OWNER &_APP &_BROKER/')
do echo "${name}_PASSWORD=$(random)"; done
for client in DEMO ANALYST OPS
do echo "${client}_CLIENT_SECRET=$(random)"; done
for name in $(rooms '"personalData": *true' | sed 's/.*/&_MASTER &_INDEX/')
do echo "${name}_KEY=$(openssl rand -base64 32)"; done
# One line in quotes: the gateway reads \n as line breaks.
printf "SIGNING_KEY='%s'\n" "$(openssl ecparam -name prime256v1 -genkey -noout | sed 's/$/\\n/' | tr -d '\n')"
