#!/usr/bin/env python3
"""Builds samples/programme.ndjson.gz, a made-up programme of 500 of the sample customers, from samples/customers.ndjson.gz; the same input gives the same bytes.

    tools/samples/programme.py
"""
import gzip, hashlib, json, uuid
from datetime import datetime, timedelta
from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PLATFORM = uuid.UUID("6f1b5d0e-3c0b-5a7e-9a43-51d1c2a0f8b7")
TIERS = [("Platinum", 5000), ("Gold", 2000), ("Silver", 500), ("Bronze", 0)]
START, END = datetime(2021, 1, 1), datetime(2024, 12, 31)


def number(*parts):
    return int.from_bytes(hashlib.sha256("|".join(map(str, parts)).encode()).digest()[:8], "big")


def customer_id(system, value):
    """NameId.For("customer", system, value), as customers names who is registered with an external id."""
    return str(uuid.uuid5(PLATFORM, "".join(f"{len(part)}:{part}" for part in ("customer", system, value))))


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def member(household, system):
    def draw(what, low, high):
        return low + number("programme", household, what) % (high - low + 1)

    joined = START + timedelta(days=draw("joined", 0, 900), minutes=draw("minute", 0, 1439))
    lots, history, qualifying = [], [], 0
    at = joined
    for n in range(draw("purchases", 1, 14)):
        at += timedelta(days=draw(f"gap{n}", 2, 60), minutes=draw(f"min{n}", 0, 1439))
        if at >= END:
            break
        points = draw(f"points{n}", 10, 600)
        qualifying += points
        history.append({"reference": f"E-{household}-{n}", "kind": "earned", "points": points, "occurredAt": instant(at), "note": "till"})
        # What became of them: spent, expired after two years, or left, some for ever and some not yet unlocked.
        fate = draw(f"fate{n}", 0, 9)
        left = points
        if fate < 4:
            spent = points if fate < 2 else points // 2
            left -= spent
            if spent:
                history.append({"reference": f"R-{household}-{n}", "kind": "redeemed", "points": -spent, "occurredAt": instant(at + timedelta(days=1 + draw(f"spent{n}", 0, 30))), "note": "voucher"})
        elif fate == 4 and at + timedelta(days=730) < END:
            left = 0
            history.append({"reference": f"X-{household}-{n}", "kind": "expired", "points": -points, "occurredAt": instant(at + timedelta(days=730))})
        if left:
            lot = {"reference": f"L-{household}-{n}", "points": left, "earnedAt": instant(at), "expiresAt": None if fate == 5 else instant(datetime(2027, 1, 1) + timedelta(days=draw(f"expiry{n}", 0, 3650)))}
            if fate == 6:
                lot["activeFrom"] = instant(at + timedelta(days=30))
            if fate == 7 and n % 4 == 0:
                lot |= {"expiresAt": None, "activeFrom": instant(datetime(2030, 1, 1))}
            lots.append(lot)
    if draw("goodwill", 0, 9) == 0:
        given = draw("given", 5, 50)
        history.append({"reference": f"A-{household}", "kind": "adjusted", "points": given, "occurredAt": instant(END), "note": "goodwill"})
        lots.append({"reference": f"G-{household}", "points": given, "earnedAt": instant(END), "expiresAt": None})
    row = {"customerId": customer_id(system, household), "joinedAt": instant(joined), "qualifyingPoints": qualifying, "tier": next(name for name, least in TIERS if qualifying >= least), "lots": lots}
    # Of every fifth member the old programme knew only what was left.
    if draw("told", 0, 4):
        row["history"] = sorted(history, key=lambda e: (e["occurredAt"], e["reference"]))
    return row


with gzip.open(SAMPLES / "customers.ndjson.gz", "rt", encoding="utf-8") as f:
    known = [json.loads(line)["externalIds"][0] for line in f]
chosen = sorted(known, key=lambda e: number("programme", e["value"]))[:500]
rows = [member(e["value"], e["system"]) for e in sorted(chosen, key=lambda e: int(e["value"]))]
text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
with open(SAMPLES / "programme.ndjson.gz", "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
    z.write(text.encode())
print(f"programme.ndjson.gz: {len(rows)} members, {sum(len(r['lots']) for r in rows)} lots, {sum(len(r.get('history', [])) for r in rows)} entries of history, {sum(l['points'] for r in rows for l in r['lots'])} points")
