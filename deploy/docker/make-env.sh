#!/bin/sh
# Writes company and secrets of one installation for docker compose: deploy/docker/make-env.sh > .env
# The company is that of CRM_ZONE, CRM_CURRENCY and CRM_REGION, as for ./crm up; without them the sample shop's.
# Lose PERSONALDATA keys and every personal field is lost; keep them apart from the backups of the databases.
set -eu
umask 077
echo "# Business days, base currency, country of phones without a country code. Set them before the first start: they cannot be changed later."
echo "BUSINESS_TIMEZONE=${CRM_ZONE:-America/New_York}"
echo "BUSINESS_CURRENCY=${CRM_CURRENCY:-USD}"
echo "BUSINESS_REGION=${CRM_REGION:-US}"
random() { openssl rand -hex 24; }
# Each room stands on a line of its own in rooms.json.
rooms() { grep "$1" "$(dirname "$0")/../../rooms.json" | sed -n 's/.*"name": *"\([a-z-]*\)".*/\1/p' | tr 'a-z-' 'A-Z_'; }
for name in POSTGRES RABBITMQ $(rooms . | sed 's/.*/&_OWNER &_APP &_BROKER/')
do echo "${name}_PASSWORD=$(random)"; done
for client in DEMO ANALYST OPS $(rooms '"sends": *true')
do echo "${client}_CLIENT_SECRET=$(random)"; done
for name in $(rooms '"personalData": *true' | sed 's/.*/&_MASTER &_INDEX/')
do echo "${name}_KEY=$(openssl rand -base64 32)"; done
# One line in quotes: the gateway reads \n as line breaks.
printf "SIGNING_KEY='%s'\n" "$(openssl ecparam -name prime256v1 -genkey -noout | sed 's/$/\\n/' | tr -d '\n')"
