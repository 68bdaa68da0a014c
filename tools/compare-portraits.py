#!/usr/bin/env python3
"""Writes down every portrait of a running installation, at several moments, or compares two such files.

    tools/compare-portraits.py write FILE [--checkout DIR] [--include profile] [--as-of DAY…] [--known-at INSTANT…]
    tools/compare-portraits.py compare BEFORE AFTER

With --known-at only what customers itself has told is compared: other rooms' facts were recorded there at other instants.
"""
import argparse, collections, concurrent.futures, http.client, json, pathlib, subprocess, sys, threading, urllib.parse

OF_CUSTOMERS = ("kind", "basics", "behaviour")
own = threading.local()


def ask(port, token, path):
    if not hasattr(own, "connection"):
        own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    own.connection.request("GET", path, headers={"Authorization": "Bearer " + token})
    answer = own.connection.getresponse()
    body = answer.read()
    if answer.status not in (200, 404):
        sys.exit(f"{path} was answered {answer.status}: {body[:300]}")
    return json.loads(body) if answer.status == 200 else None


def write(o):
    crm = pathlib.Path(o.checkout).resolve() / "crm"
    run = lambda *command: subprocess.run([crm, *command], capture_output=True, text=True, check=True, cwd=crm.parent).stdout.split()
    port = int(dict(line.split("=", 1) for line in (crm.parent / ".crm/env").read_text().splitlines())["CRM_GATEWAY_PORT"])
    token, customers = run("token", "demo")[-1], run("psql", "customers", "-Atc", "select id from mt_streams where type = 'customer' order by id")
    moments = [""] + ["asOf=" + urllib.parse.quote(m) for m in o.as_of] + ["knownAt=" + urllib.parse.quote(m) for m in o.known_at]
    jobs = [(customer, moment) for customer in customers for moment in moments]
    more = f"&include={o.include}" if o.include else ""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda job: ask(port, token, f"/api/customers/{job[0]}/portrait?{job[1]}{more}"), jobs)
        portraits = {f"{customer} {moment}": answer for (customer, moment), answer in zip(jobs, answers)}
    pathlib.Path(o.file).write_text(json.dumps(portraits))
    print(f"{len(portraits)} portraits, of these {sum(p is None for p in portraits.values())} not there at that moment")


def differences(before, after, path=""):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(set(before) | set(after)):
            yield from differences(before.get(key), after.get(key), f"{path}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after):
            yield from differences(one, other, path + "[]")
    elif before != after:
        yield path, before, after


def compare(o):
    before, after = (json.loads(pathlib.Path(f).read_text()) for f in (o.before, o.after))
    equal, differing = collections.Counter(), 0
    for key, old in before.items():
        moment, new = key.split(" ", 1)[1], after.get(key)
        if old and new:
            parts = OF_CUSTOMERS if moment.startswith("knownAt") else (set(old) | set(new)) - {"profile"}
            old, new = ({part: p.get(part) for part in parts} for p in (old, new))
        found = list(differences(old, new))
        for path, was, now in found:
            print(f"{key} {path}: {was} -> {now}")
        equal[moment or "now"] += not found
        differing += bool(found)
    print(f"equal: {dict(equal)}; {differing} differ")
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("write")
    verb.add_argument("file")
    verb.add_argument("--checkout", default=".")
    verb.add_argument("--include")
    verb.add_argument("--as-of", nargs="*", default=[])
    verb.add_argument("--known-at", nargs="*", default=[])
    verb.set_defaults(do=write)
    verb = verbs.add_parser("compare")
    verb.add_argument("before")
    verb.add_argument("after")
    verb.set_defaults(do=compare)
    options = parser.parse_args()
    return options.do(options)


sys.exit(main())
