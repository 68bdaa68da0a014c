#!/usr/bin/env python3
"""Builds samples/*.ndjson.gz from the published data sets; the same input gives the same bytes.

    tools/samples/build.py DATA

DATA holds, as published (sources and licences: samples/README.md):
    completejourney/transactions_sample.csv.xz, products.csv.xz, demographics.csv, campaigns.csv
    complaints/cfpb_145.csv, cfpb_349.csv
    cn_formats/Chinese_Family_Name_1k.xlsx, libphonenumber_carrier_zh_86.txt, division_provinces.csv, division_cities.csv
"""
import bisect, collections, csv, gzip, hashlib, json, lzma, re, sys, zipfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

DATA, OUT = Path(sys.argv[1]), Path(__file__).resolve().parents[2] / "samples"
SYSTEM = "completejourney"


def table(path):
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def number(*parts):
    """A stable pseudo-random integer: what is made up must be the same on every machine and in every version of Python."""
    return int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest()[:8], "big")


def write(name, rows):
    OUT.mkdir(exist_ok=True)
    text = "".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in rows)
    with open(OUT / name, "wb") as f, gzip.GzipFile("", "wb", 9, f, mtime=0) as z:
        z.write(text.encode())
    print(f"{name}: {len(rows)} rows, {(OUT / name).stat().st_size:,} bytes")


# ---- purchases: one per basket -----------------------------------------------------------------------------
department = {p["product_id"]: p["department"] for p in table(DATA / "completejourney/products.csv.xz")}
baskets = collections.defaultdict(list)
for row in table(DATA / "completejourney/transactions_sample.csv.xz"):
    baskets[row["basket_id"]].append(row)


def cents(value):  # one published value carries the noise of binary fractions: 4.440892e-16
    return float(Decimal(value).quantize(Decimal("0.01")))


def purchase(basket_id, rows):
    return {
        "source": SYSTEM, "orderNumber": basket_id,
        "customer": {"system": SYSTEM, "value": rows[0]["household_id"]},
        "channel": "store", "currency": "USD",
        "occurredAt": rows[0]["transaction_timestamp"].replace(" ", "T"),
        "lines": [{"productId": r["product_id"], "category": department.get(r["product_id"]) or None,
                   "quantity": int(r["quantity"]), "net": cents(r["sales_value"])} for r in rows],
    }


purchases = sorted((purchase(b, rows) for b, rows in baskets.items()), key=lambda p: (p["occurredAt"], p["orderNumber"]))
write("purchases.ndjson.gz", purchases)

# ---- customers: one per household; names, phones, e-mails and places are made up ----------------------------
def surnames():
    """(surname, weight) pairs of the spreadsheet: a shared string and a count per row."""
    with zipfile.ZipFile(DATA / "cn_formats/Chinese_Family_Name_1k.xlsx") as z:
        strings = re.findall(r"<si>.*?<t[^>]*>([^<]*)</t>.*?</si>", z.read("xl/sharedStrings.xml").decode())
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r'<c r="A(\d+)"[^>]*t="s"><v>(\d+)</v></c><c r="B\1"[^>]*><v>(\d+)</v></c>', sheet)
    return [(strings[int(s)], int(n)) for row, s, n in cells if row != "1"]  # row 1 is the header


GIVEN = ("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海波宇辰浩然欣怡子涵雨轩梓萱诗琪晨曦思远佳慧嘉豪"
         "俊凯雅婷天佑若曦景行书瑶知秋亦凡安宁乐山清扬望舒致远修齐")
names = surnames()
bounds, total = [], 0
for _, weight in names:
    total += weight
    bounds.append(total)
prefixes = sorted({m[2:] for m in re.findall(r"^(861(?:3\d|5[0-35-9]|8\d))\|", (DATA / "cn_formats/libphonenumber_carrier_zh_86.txt")
                                            .read_text(encoding="utf-8"), re.M)})
provinces = {p["code"]: p["name"] for p in table(DATA / "cn_formats/division_provinces.csv")}
cities = [c for c in table(DATA / "cn_formats/division_cities.csv") if "直辖" not in c["name"] and c["name"] != "县"]
demographics = {d["household_id"]: d for d in table(DATA / "completejourney/demographics.csv")}
addressed = {c["household_id"] for c in table(DATA / "completejourney/campaigns.csv")}
phones = set()


def phone(household):
    """A number that is valid by the numbering plan; the next candidate when two households would share one."""
    for attempt in range(100):
        n = number("phone", household, str(attempt))
        candidate = f"+86{prefixes[n % len(prefixes)]}{n // 1000 % 10**8:08d}"
        if candidate not in phones:
            phones.add(candidate)
            return candidate
    raise SystemExit(f"no free phone number for household {household}")


def customer(household, first_purchase):
    d = demographics.get(household, {})
    surname = names[bisect.bisect_right(bounds, number("surname", household) % total)][0]
    given = "".join(GIVEN[number("given", household, str(i)) % len(GIVEN)] for i in range(1 + (number("length", household) % 4 > 0)))
    city = cities[number("city", household) % len(cities)]
    province = provinces[city["provinceCode"]]
    tags = ([{"Homeowner": "homeowner", "Probable Homeowner": "homeowner", "Renter": "renter", "Probable Renter": "renter"}[d["home_ownership"]]]
            if d.get("home_ownership") else []) + (["with-kids"] if d.get("kids_count", "0") != "0" else [])
    return {
        "kind": "individual", "source": SYSTEM, "externalIds": [{"system": SYSTEM, "value": household}],
        "profile": {
            "name": surname + given, "gender": None, "ageBand": d.get("age") or None, "incomeBand": d.get("income") or None,
            "householdSize": int(d["household_size"].rstrip("+")) if d.get("household_size") else None,
            "maritalStatus": d["marital_status"].lower() if d.get("marital_status") else None,
            "language": "zh-CN", "province": province, "city": province if city["name"] == "市辖区" else city["name"],
        },
        "contacts": [{"kind": "phone", "value": phone(household)}, {"kind": "email", "value": f"household{household}@example.com"}],
        "tags": tags,
        "consents": [{"purpose": "marketing", "channel": "email", "granted": True, "noticeVersion": "1"}] if household in addressed else [],
        "occurredAt": (first_purchase - timedelta(minutes=10)).isoformat(),
    }


first = {}
for p in purchases:
    first.setdefault(p["customer"]["value"], datetime.fromisoformat(p["occurredAt"]))
customers = [customer(h, at) for h, at in sorted(first.items(), key=lambda kv: (kv[1], int(kv[0])))]
write("customers.ndjson.gz", customers)

# ---- tickets: the complaints, said by customers of the shop -------------------------------------------------
CHANNEL = {"Web": "web", "Phone": "phone", "Referral": "referral", "Postal mail": "post", "Fax": "fax", "Email": "email"}
registered = [datetime.fromisoformat(c["occurredAt"]) for c in customers]


def code(text):
    return re.sub(r"[^a-z]+", "-", text.lower()).strip("-")


def worked(at, minutes):
    """The local time after so many minutes of the desk's hours: Monday to Friday, 9 to 18."""
    while minutes:
        opens, closes = at.replace(hour=9, minute=0, second=0), at.replace(hour=18, minute=0, second=0)
        if at.weekday() > 4 or at >= closes:
            at = opens + timedelta(days=1)
        elif at < opens:
            at = opens
        else:
            step = min(minutes, int((closes - at).total_seconds()) // 60 or 1)
            at, minutes = at + timedelta(minutes=step), minutes - step
    return at


def answered(reference, at, response, disputed):
    """When somebody answered, solved and was judged: made up, as the published set does not say. Nobody answers what is still in progress."""
    if response == "In progress":
        return {}
    late = 900 if response == "Untimely response" else 0
    first = worked(at, late + 15 + number("answer", reference) % 570)
    solved = worked(first, 60 + number("solve", reference) % 1500)
    rated = solved + timedelta(minutes=600 + number("rate", reference) % 2880)
    first, solved, rated = (min(at, datetime(2017, 12, 31, 20)) for at in (first, solved, rated))  # nothing is later than the shop's last day
    return {"agent": f"agent-{1 + number('agent', reference) % 4}", "answer": ANSWER, "answeredAt": first.isoformat(), "solvedAt": solved.isoformat(),
            **({} if disputed is None else {"ratedAt": rated.isoformat()})}


ANSWER = "We have your complaint and are looking into it."


def ticket(row):
    r = {re.sub(r"[^a-z]+", "_", k.lower()).strip("_"): v.strip() for k, v in row.items()}
    day = r["date_received"]
    at = datetime.strptime(day, "%m/%d/%Y" if "/" in day else "%Y-%m-%d")
    while at < datetime(2017, 1, 15):
        at += timedelta(days=364)  # whole weeks into the year of the purchases: the weekday stays
    at += timedelta(seconds=8 * 3600 + number("time", r["complaint_id"]) % (12 * 3600))
    known = bisect.bisect_left(registered, at)  # who complains is a customer already
    response, disputed = r["company_response_to_consumer"], {"Yes": True, "No": False}.get(r["consumer_disputed"])
    about = f'{r["issue"]}: {r["sub_issue"]}' if r["sub_issue"] else r["issue"]
    return {
        "source": "cfpb", "reference": r["complaint_id"],
        "customer": customers[number("complainer", r["complaint_id"]) % known]["externalIds"][0],
        "kind": "complaint", "category": code(r["product"]),
        "channel": CHANNEL[r["submitted_via"]], "subject": about[:200], "text": r["consumer_complaint_narrative"] or about,
        "outcome": None if response == "In progress" else code(response),
        "cause": code(r["issue"])[:60].strip("-"), "disputed": disputed,
        "occurredAt": at.isoformat(), **answered(r["complaint_id"], at, response, disputed),
    }


tickets = [ticket(r) for f in ("cfpb_145.csv", "cfpb_349.csv") for r in table(DATA / "complaints" / f)]
assert len({t["reference"] for t in tickets}) == len(tickets)
write("tickets.ndjson.gz", sorted(tickets, key=lambda t: (t["occurredAt"], t["reference"])))
