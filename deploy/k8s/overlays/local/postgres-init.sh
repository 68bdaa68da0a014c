#!/bin/sh
# First start of an empty server: a database per service, with the role that owns its tables and the role that the service runs as.
# Which there are, and their passwords, say CUSTOMERS_OWNER_PASSWORD, CUSTOMERS_APP_PASSWORD and so on; hexadecimal, so quoting is no question.
set -eu
for name in $(env | sed -n 's/^\([A-Z_]*\)_OWNER_PASSWORD=.*/\1/p' | sort); do
  database=$(echo "$name" | tr '[:upper:]' '[:lower:]')
  eval "owner=\${${name}_OWNER_PASSWORD:?}" "app=\${${name}_APP_PASSWORD:?}"
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --quiet <<SQL
create role ${database}_owner login password '$owner';
create role ${database}_app login password '$app';
create database $database owner ${database}_owner encoding 'UTF8' template template0;
revoke connect on database $database from public;
grant connect on database $database to ${database}_app;
SQL
done
