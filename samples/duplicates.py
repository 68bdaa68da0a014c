#!/usr/bin/env python3
"""Plants duplicates in the sample shop, and says afterwards how many were found.

    samples/duplicates.py make DIR [--seed N]   DIR/till.csv: the shop's customers with the phones that its till has verified;
                                                DIR/web.csv: registrations in its web shop, 300 of them of the same people;
                                                DIR/truth.csv: who is who
    samples/duplicates.py check DIR             what the platform linked by itself, and what it asks people (./crm demo runs)

The 300 are written differently: another character with the same sound, given and family name in the other order, traditional characters, a title, full width, a typo, another phone. 150 others are traps: 50 people who got a
customer's old number, 50 family members on the same phone, 50 namesakes. 300 are new. The same seed gives the same bytes.
"""
import argparse, collections, csv, datetime, gzip, json, pathlib, random, subprocess, time, urllib.parse, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
VERIFIED = "%s-%02dT09:00:00Z"
SOUND = dict(zip("伟芳娜敏静丽强军洋勇艳杰娟涛明秀平刚桂英华玉兰梅建国文志海波宇辰浩然欣怡涵雨轩梓萱诗琪晨曦思远佳慧嘉豪俊凯雅婷",
                 "玮方那闵靖莉墙君扬咏燕洁鹃韬铭绣萍钢贵瑛桦钰岚枚健帼纹致孩玻羽晨皓燃新宜韩羽宣子宣师淇辰西丝媛加惠佳毫峻铠娅亭"))
TRADITIONAL = dict(zip("伟丽强军艳杰涛刚华兰建国书东门马张刘陈杨赵吴孙罗郑谢许邓冯萧苏叶吕卢贾钟谭邹陆韩龙万贺赖龚",
                       "偉麗強軍艷傑濤剛華蘭建國書東門馬張劉陳楊趙吳孫羅鄭謝許鄧馮蕭蘇葉呂盧賈鍾譚鄒陸韓龍萬賀賴龔"))
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "司徒")


def shop():
    with gzip.open(HERE / "customers.ndjson.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            phone = next(c["value"] for c in row["contacts"] if c["kind"] == "phone")
            yield row["externalIds"][0]["value"], row["profile"]["name"], phone


def split(name):
    return (name[:2], name[2:]) if name[:2] in DOUBLE and len(name) > 2 else (name[0], name[1:])


def homophone(name, rnd):
    surname, given = split(name)
    places = [i for i, c in enumerate(given) if c in SOUND]
    if not places:
        return None
    i = rnd.choice(places)
    return surname + given[:i] + SOUND[given[i]] + given[i + 1:]


def traditional(name, _):
    other = "".join(TRADITIONAL.get(c, c) for c in name)
    return other if other != name else None


WAYS = [
    ("same", lambda n, r: n),
    ("homophone", homophone),
    ("traditional", traditional),
    ("title", lambda n, r: n + r.choice(("先生", "女士"))),
    ("turned", lambda n, r: "".join(reversed(split(n)))),
    ("spaced", lambda n, r: "　".join(split(n))),
]


def phone_typo(phone, rnd):
    i = rnd.randrange(7, len(phone))
    return phone[:i] + str((int(phone[i]) + rnd.randrange(1, 10)) % 10) + phone[i + 1:]


def make(folder, seed, month):
    rnd = random.Random(seed)
    people = list(shop())
    drawn = rnd.sample(people, 450)
    web, truth = [], []

    def row(name, phone, verified, email):
        number = f"w{len(web) + 1:05d}"
        web.append({"kind": "individual", "source": "web", "externalSystem": "web", "externalId": number, "name": name, "phone": phone,
                    "phoneVerifiedAt": verified, "email": email})
        return number

    def lately():
        return VERIFIED % (month, rnd.randrange(1, 29))

    for i, (number, name, phone) in enumerate(drawn[:300]):
        way, change = WAYS[i % len(WAYS)]
        spelled = change(name, rnd)
        if spelled is None:
            way, spelled = "same", name
        how = rnd.random()
        told, verified = (phone, lately()) if how < .7 else (phone, "") if how < .85 else (phone_typo(phone, rnd), "")
        kind = "verified" if how < .7 else "unverified" if how < .85 else "phone-typo"
        spelled_phone = rnd.choice((told, f"+86 {told[3:6]} {told[6:10]} {told[10:]}", f"+86-{told[3:]}", f"(+86){told[3:]}"))
        truth.append((row(spelled, spelled_phone, verified, f"web{i}@mail.test"), number, way, kind))
    for i, (number, name, phone) in enumerate(drawn[300:]):
        surname, given = split(name)
        other = split(rnd.choice(people)[1])
        if i < 50:       # a reissued number: somebody else, verified
            truth.append((row(other[0] + other[1], phone, lately(), f"trap{i}@mail.test"), "", "trap", "reissued"))
        elif i < 100:    # a family phone: the same surname and another given name, verified
            given_other = other[1] if other[1] != given else given + "儿"
            truth.append((row(surname + given_other, phone, lately(), f"trap{i}@mail.test"), "", "trap", "family"))
        else:            # a namesake with a phone of their own
            truth.append((row(name, f"+86199{rnd.randrange(10**8):08d}", lately(), f"trap{i}@mail.test"), "", "trap", "namesake"))
    for i in range(300):
        surname, given = split(rnd.choice(people)[1])[0], split(rnd.choice(people)[1])[1]
        truth.append((row(surname + given, f"+86199{rnd.randrange(10**8):08d}", lately(), f"new{i}@mail.test"), "", "new", "new"))
    rnd.shuffle(web)
    write(folder / "web.csv", web)
    write(folder / "truth.csv", [dict(zip(("web", "shop", "way", "phone"), t)) for t in truth])
    write(folder / "till.csv", [
        {"kind": "individual", "source": "completejourney", "externalSystem": "completejourney", "externalId": n, "name": name, "phone": phone,
         "phoneVerifiedAt": lately()} for n, name, phone in people if rnd.random() < .8 or n in {d[0] for d in drawn[:300]}])


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    print(f"{path}: {len(rows)} rows")


def check(folder):
    crm = HERE.parent / "crm"
    status = json.loads(subprocess.run([crm, "status", "--json"], capture_output=True, text=True, check=True).stdout)
    gateway = next(part["where"] for part in status if part["part"] == "gateway").rstrip("/")
    token = subprocess.run([crm, "token", "demo"], capture_output=True, text=True, check=True).stdout.strip()

    def ask(path, body=None):
        request = urllib.request.Request(gateway + path, headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                                         data=json.dumps(body).encode() if body else None)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def all_of(path):
        after = ""
        while True:
            page = ask(f"/api/customers/{path}&limit=200{after}")
            yield from page["items"]
            if not page.get("next"):
                return
            after = "&after=" + urllib.parse.quote(page["next"])

    truth = list(csv.DictReader(open(folder / "truth.csv", encoding="utf-8")))
    ids = {}
    wanted = [("web", t["web"]) for t in truth] + [("completejourney", n) for n, _, _ in shop()]
    for i in range(0, len(wanted), 500):
        chunk = wanted[i:i + 500]
        found = ask("/api/customers/lookups", {"externalIds": [{"system": s, "value": v} for s, v in chunk]})
        for item in found["items"]:
            for x in item["externalIds"]:
                ids[(x["system"], x["value"])] = item["id"]
    same = {frozenset((ids["web", t["web"]], ids["completejourney", t["shop"]])): t for t in truth if t["shop"]}
    of_web = {ids["web", t["web"]]: t for t in truth}

    def decided():
        return ([frozenset((m["survivorId"], m["mergedId"])) for m in all_of("merges?by=machine&undone=false")],
                [frozenset((c["first"], c["second"])) for c in all_of("candidates?status=open")])

    linked, asked = decided()
    while True:  # newcomers are compared shortly after their import: until nothing more comes
        time.sleep(3)
        before, (linked, asked) = (linked, asked), decided()
        if before == (linked, asked):
            break
    linked = [p for p in linked if p & of_web.keys()]
    asked = [p for p in asked if p & of_web.keys()]
    right, review = [p for p in linked if p in same], [p for p in asked if p in same]
    print(f"planted                {len(same)}")
    print(f"linked by machine      {len(linked)}, of them right {len(right)}: precision {len(right) / max(1, len(linked)):.4f}, recall {len(right) / len(same):.3f}")
    print(f"asked of people        {len(asked)} pairs, of them right {len(review)}: {len(asked) / len(of_web):.3f} per registration")
    print(f"found in all           {len(set(right + review)) / len(same):.3f}")
    table = collections.defaultdict(lambda: [0, 0, 0])
    for pair, t in same.items():
        line = table[f"{t['way']}, {t['phone']}"]
        line[0] += 1
        line[1] += pair in right
        line[2] += pair in review
    for name, (n, by_machine, by_people) in sorted(table.items()):
        print(f"  {name:28} {n:4} planted {by_machine:4} linked {by_people:4} asked")
    for kind in ("reissued", "family", "namesake", "new"):
        mine = {i for i, t in of_web.items() if t["phone"] == kind}
        print(f"  {kind:28} {len(mine):4} traps   {sum(bool(p & mine) for p in linked):4} linked {sum(bool(p & mine) for p in asked):4} asked")
    for pair in linked:
        if pair not in same:
            print("wrong:", *pair)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=("make", "check"))
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--month", default=None, help="in which phones were verified, as 2026-10; the month before this one")
    given = arguments.parse_args()
    first = datetime.date.today().replace(day=1)
    month = given.month or (first - datetime.timedelta(days=1)).strftime("%Y-%m")
    make(given.folder, given.seed, month) if given.what == "make" else check(given.folder)
