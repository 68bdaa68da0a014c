#!/usr/bin/env python3
"""Merges customers of a running demo and takes them apart again, and compares every view of every room.

    tools/merge-drill.py [--pairs N] [--facts N] [--seed N]    after ./crm demo; it leaves the demo's customers as they were

For pairs of customers: all rooms' views of both before, the merge, how long until every room shows both as one, the unmerge, and all views
again: they must be equal but for what tells of the merge itself (ids and instants of facts, versions, what segmentation said meanwhile). With
--facts, the first pair is two new customers with so many purchases each.
"""
import argparse, json, random, subprocess, time, pathlib, urllib.error, urllib.request

CRM = pathlib.Path(__file__).resolve().parents[1] / "crm"
# What the facts of a merge change although nothing of the customer changes: how many there are, which says something, and when it did.
TELLS = {"version", "events", "source", "sourceEvent", "at", "since", "cause", "reason", "asOf", "entries", "eventId", "recordedAt", "live", "runId", "next", "scoredAt"}


def run(*arguments):
    return subprocess.run([CRM, *arguments], capture_output=True, text=True, check=True).stdout


def changes(at, before, after):
    """Where two views differ, with what each says."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            yield from changes(f"{at}.{key}", before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after)):
            yield from changes(f"{at}[{place}]", one, other)
    elif before != after:
        yield f"{at}: {json.dumps(before)[:200]} is now {json.dumps(after)[:200]}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pairs", type=int, default=20)
    arguments.add_argument("--facts", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    gateway = next(p["where"] for p in json.loads(run("status", "--json")) if p["part"] == "gateway").rstrip("/")
    token = run("token", "demo").strip()

    def ask(path, body=None):
        request = urllib.request.Request(gateway + path, json.dumps(body).encode() if body is not None else None,
                                         {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def views(customer):
        return {path: plain(ask(path)) for path in (
            f"/api/customers/{customer}", f"/api/customers/{customer}/tags", f"/api/customers/purchases?customerId={customer}&limit=200",
            f"/api/customers/{customer}/portrait?include=profile", f"/api/segmentation/customers/{customer}",
            f"/api/loyalty/accounts/{customer}", f"/api/loyalty/accounts/{customer}/statement?limit=200",
            f"/api/service-desk/tickets?customer={customer}&limit=200")} | {"timeline": timeline(customer)}

    def timeline(customer):
        items, after = [], ""
        while True:
            page = ask(f"/api/customers/{customer}/timeline?limit=200{after}")
            items += [i for i in page["items"] if i["context"] != "segmentation" and "merged" not in i["contract"]]
            if not page["next"]:
                return plain(items)
            after = "&after=" + page["next"]

    def plain(value):
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in TELLS}
        return [plain(v) for v in value] if isinstance(value, list) else value

    def is_one(one, other):
        both = {one, other}
        for customer in both:
            for path in ("/api/customers/{}", "/api/customers/{}/portrait", "/api/segmentation/customers/{}", "/api/loyalty/accounts/{}"):
                group = ask(path.format(customer)).get("group") or {}
                if not both <= {m["customerId"] if isinstance(m, dict) else m for m in group.get("members", [])}:
                    return False
        return True

    def wait(done, what):
        started = time.monotonic()
        while not done():
            if time.monotonic() - started > 60:
                raise SystemExit(f"{what}: not within a minute")
            time.sleep(.005)
        return time.monotonic() - started

    def many(number):
        customers = [ask("/api/customers", {"kind": "individual", "source": "drill"})["id"] for _ in range(2)]
        for at, customer in enumerate(customers):
            for first in range(0, number, 500):
                rows = "\n".join(json.dumps({
                    "source": "drill", "orderNumber": f"{customer}-{n}", "channel": "store", "currency": "USD", "customerId": customer,
                    "occurredAt": f"2026-0{1 + n % 9}-{1 + n % 28:02}T{n % 24:02}:{n // 24 % 60:02}:{n % 60:02}Z",
                    "lines": [{"productId": f"p{n % 50}", "category": "tea", "quantity": 1, "net": 1 + n % 9 + at}]}) for n in range(first, min(number, first + 500)))
                request = urllib.request.Request(f"{gateway}/api/customers/imports/drill-{customer}/purchases", rows.encode(),
                                                 {"Authorization": "Bearer " + token, "Content-Type": "application/x-ndjson"})
                with urllib.request.urlopen(request) as answer:
                    if b'"refused"' in (said := answer.read()):
                        raise SystemExit(said.decode()[:500])
        for customer in customers:
            wait(lambda: there(customer) == number, "the purchases")
        time.sleep(3)
        return tuple(customers)

    def there(customer):
        try:
            orders = ask(f"/api/segmentation/customers/{customer}")["orders"]
            return orders if ask(f"/api/loyalty/accounts/{customer}")["purchases"] == orders == ask(f"/api/customers/{customer}/portrait")["behaviour"]["purchases"]["value"] else -1
        except (urllib.error.HTTPError, TypeError):
            return -1

    listed, after = [], ""
    while len(listed) < 600:
        page = ask(f"/api/customers?limit=200{after}")
        listed += [c["id"] for c in page["items"] if c["kind"] == "individual" and not c["forgotten"] and not c.get("survivorId")]
        if not page["next"]:
            break
        after = "&after=" + page["next"]
    rnd = random.Random(given.seed)
    rnd.shuffle(listed)
    pairs = [tuple(listed[2 * i:2 * i + 2]) for i in range(given.pairs)]
    if given.facts:
        pairs.insert(0, many(given.facts))
    shown, differ = [], 0
    for number, (one, other) in enumerate(pairs):
        before = {c: views(c) for c in (one, other)}
        merge = ask("/api/customers/merges", {"survivorId": one, "mergedId": other, "reason": "drill"})["id"]
        took = wait(lambda: is_one(one, other), "the merge")
        shown.append(took)
        together = ask(f"/api/customers/{one}/portrait")["behaviour"]["purchases"]
        ask(f"/api/customers/merges/{merge}/unmerge", {"reason": "drill"})
        parted = wait(lambda: all((ask(p.format(c)).get("group") or None) is None for c in (one, other) for p in
                                  ("/api/customers/{}", "/api/customers/{}/portrait", "/api/segmentation/customers/{}", "/api/loyalty/accounts/{}")), "the unmerge")
        time.sleep(.5)
        if given.facts and number == 0:
            print(f"{2 * given.facts:,} purchases: as one everywhere after {took * 1000:.0f} ms (that takes 8 questions, one after the other), {together and together['value']:,} in one portrait; apart after {parted * 1000:.0f} ms")
        for customer in (one, other):
            for path, there_now in views(customer).items():
                if there_now != before[customer][path]:
                    differ += 1
                    print(f"DIFFERENT {path} of {customer}:", *list(changes("", before[customer][path], there_now))[:5], sep="\n  ")
    shown.sort()
    print(f"{len(pairs)} pairs, seed {given.seed}: shown as one in every room after {shown[len(shown) // 2] * 1000:.0f} ms (median), {shown[-1] * 1000:.0f} ms at most; "
          + ("every view is as before" if not differ else f"{differ} views differ"))
    raise SystemExit(differ > 0)


if __name__ == "__main__":
    main()
