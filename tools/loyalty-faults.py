#!/usr/bin/env python3
"""Uses loyalty from many clients at once while its parts are killed with SIGKILL, and holds every account against what was acknowledged.

    tools/loyalty-faults.py [--seconds 120] [--clients 32] [--members 24] [--seed 1] [--victims loyalty,customers,…]

Clients buy (with dates in any order), return, redeem, cancel, adjust and transfer, each with an Idempotency-Key: an answer that was lost is asked for again until it is there, and one request in
five is sent twice at the same moment. Meanwhile loyalty, customers, portraits, RabbitMQ, the gateway and PostgreSQL are killed in turn and brought back. Then, for each account: everything
acknowledged is in its statement exactly once and nothing else is; the statement adds up at every entry; balance = lots − debt = earned + in − out − redeemed − expired − reversed, never below zero;
the portrait shows the same. Runs in a run directory of its own; ends with 0 when all holds.
"""
import argparse, collections, concurrent.futures, datetime, http.client, json, os, pathlib, random, signal, subprocess, sys, threading, time, urllib.error, urllib.request, uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = pathlib.Path(os.environ.get("CRM_FAULTS_RUN_DIR", ROOT / ".crm-faults"))
ENV = {k: v for k, v in os.environ.items() if k not in ("CRM_POSTGRES", "CRM_RABBITMQ", "CRM_RABBITMQ_HTTP")} | {
    "CRM_RUN_DIR": str(RUN), "Households__MinDaysInHousehold": "0", "Households__MinAgeDays": "0", "Households__MostPerDay": "1000000", "Households__MostPerMonth": "1000000",
    "Loyalty__AdjustAlone": "1000000000"}  # one client adjusts all day long; who approves is tried elsewhere


def say(*words):
    print("faults:", *words, file=sys.stderr, flush=True)


def crm(*words, check=True):
    done = subprocess.run([ROOT / "crm", *words], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if check and done.returncode != 0:
        sys.exit(f"crm {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


class Client:
    """Asks until there is an answer: 2xx, or a refusal that means what it says."""
    lost = collections.Counter()

    def __init__(self, gateway, token):
        self.gateway, self.token = gateway, token

    def ask(self, method, path, body=None, key=None, patience=180):
        until = time.monotonic() + patience
        while True:
            request = urllib.request.Request(self.gateway + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                             headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {}))
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    text = answer.read()
                    return answer.status, json.loads(text) if text else None
            except urllib.error.HTTPError as e:
                text = e.read()
                if e.code in (400, 401, 403, 404, 409, 412, 422):
                    return e.code, json.loads(text or b"{}")
                Client.lost[e.code] += 1
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as e:
                Client.lost[type(e).__name__] += 1
            if time.monotonic() > until:
                raise TimeoutError(f"{method} {path}: no answer in {patience} s")
            time.sleep(random.uniform(0.05, 0.4))

    def get(self, path):
        status, body = self.ask("GET", path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {body}")
        return body


class Shop:
    def __init__(self, client, members, seed):
        self.client, self.members, self.lock = client, members, threading.Lock()
        self.purchases, self.returns, self.redemptions, self.cancelled, self.adjusted, self.transfers = [], [], [], [], [], []
        self.refused, self.different, self.seed, self.twins = collections.Counter(), [], seed, 0

    def do(self, method, path, body, expected, rng):
        """One request, or twins; the one answer there may be."""
        key = str(uuid.UUID(int=rng.getrandbits(128)))
        if rng.random() < 0.2:
            with concurrent.futures.ThreadPoolExecutor(2) as both:
                one, two = both.map(lambda _: self.client.ask(method, path, body, key), range(2))
            self.twins += 1
            # A refusal is not kept: of two that were refused or not by turns, the one that was done counts.
            if one[0] < 300 and two[0] < 300 and (one[1] or {}).get("id") != (two[1] or {}).get("id"):
                with self.lock: self.different.append((path, one, two))
            status, answer = one if one[0] < 300 else two
        else:
            status, answer = self.client.ask(method, path, body, key)
        if status < 300:
            return answer
        if status not in expected:
            with self.lock: self.different.append((method, path, body, status, answer))
        else:
            with self.lock: self.refused[answer.get("type", str(status)).split(":")[-1]] += 1
        return None

    def work(self, number, until):
        rng = random.Random(f"{self.seed}/{number}")
        n = 0
        while time.monotonic() < until:
            n += 1
            customer = rng.choice(self.members)
            kind = rng.choices(["buy", "return", "redeem", "cancel", "adjust", "transfer"], [30, 10, 30, 10, 10, 10])[0]
            if kind == "buy":
                net = rng.randrange(0, 30000) / 100
                at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=rng.randrange(2, 60 * 24 * 40))
                done = self.do("POST", "/api/customers/purchases", {"source": "faults", "orderNumber": f"{self.seed}-{number}-{n}", "channel": "web", "currency": "USD", "occurredAt": at.isoformat(),
                               "customer": {"system": "faults", "value": str(self.members.index(customer))}, "lines": [{"productId": "sku", "quantity": 1, "net": net}]}, (), rng)
                if done:
                    with self.lock: self.purchases.append((customer, done["id"], net))
            elif kind == "return" and self.purchases:
                _, purchase, net = rng.choice(self.purchases)
                number_of = f"{self.seed}-{number}-{n}"
                done = self.do("POST", f"/api/customers/purchases/{purchase}/returns", {"returnNumber": number_of, "channel": "web", "occurredAt": datetime.datetime.now(datetime.UTC).isoformat(), "net": max(0.01, round(net * rng.random(), 2))}, (422,), rng)
                if done:
                    with self.lock: self.returns.append((purchase, number_of))
            elif kind == "redeem":
                points = rng.randrange(1, 400)
                done = self.do("POST", f"/api/loyalty/accounts/{customer}/redemptions", {"points": points, "purpose": "voucher"}, (422,), rng)
                if done:
                    with self.lock: self.redemptions.append((customer, done["id"], points))
            elif kind == "cancel" and self.redemptions:
                owner, redemption, points = rng.choice(self.redemptions)
                if self.do("POST", f"/api/loyalty/accounts/{owner}/redemptions/{redemption}/cancel", {}, (422,), rng):
                    with self.lock: self.cancelled.append((owner, redemption, points))
            elif kind == "adjust":
                points = rng.choice([-1, 1]) * rng.randrange(1, 200)
                done = self.do("POST", f"/api/loyalty/accounts/{customer}/adjustments", {"points": points, "reason": "test"}, (422,), rng)
                if done:
                    with self.lock: self.adjusted.append((customer, done["id"], points))
            elif kind == "transfer":
                at = self.members.index(customer)
                to = self.members[at ^ 1]
                points = rng.randrange(1, 150)
                done = self.do("POST", f"/api/loyalty/accounts/{customer}/transfers", {"toCustomerId": to, "points": points}, (422,), rng)
                if done:
                    with self.lock: self.transfers.append((customer, to, done["id"], points))


def kill(victim):
    path = {"rabbitmq": RUN / "rmq/pid", "postgres": RUN / "pg/data/postmaster.pid"}.get(victim, RUN / "pid" / victim)
    pid = int(path.read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    say(f"kill -9 {victim} ({pid})")
    time.sleep(1)
    crm("up")


def statement(client, customer):
    entries, after = [], ""
    while True:
        page = client.get(f"/api/loyalty/accounts/{customer}/statement?limit=200{after}")
        entries += page["items"]
        if not page.get("next"):
            return entries[::-1]
        after = "&after=" + page["next"]


def check(client, shop):
    wrong = []

    def must(holds, *what):
        if not holds: wrong.append(" ".join(map(str, what)))

    must(not shop.different, "answers that should not be:", shop.different[:3])
    sums = collections.Counter()
    for customer in shop.members:
        entries, account = statement(client, customer), client.get(f"/api/loyalty/accounts/{customer}")
        of = lambda kind: [(e["reference"], e["points"]) for e in entries if e["kind"] == kind]
        exactly = lambda kind, known: must(sorted(of(kind)) == sorted(known), customer, kind, "differ:", len(of(kind)), "and not", len(known), list(set(of(kind)) ^ set(known))[:3])
        exactly("earned", [(p, int(net)) for c, p, net in shop.purchases if c == customer and int(net) > 0])
        exactly("redeemed", [(r, -points) for c, r, points in shop.redemptions if c == customer])
        exactly("cancelled", sorted({(r, points) for c, r, points in shop.cancelled if c == customer}))
        exactly("adjusted", [(a, points) for c, a, points in shop.adjusted if c == customer])
        exactly("transferred", [(t, -points) for c, _, t, points in shop.transfers if c == customer] + [(t, points) for _, to, t, points in shop.transfers if to == customer])
        balance = 0
        for e in entries:
            balance += e["points"]
            must(e["balance"] is None or e["balance"] == balance, customer, "version", e["version"], "says", e["balance"], "and not", balance)
            must(balance >= 0, customer, "version", e["version"], "is below zero")
        must([e["version"] for e in entries] == sorted({e["version"] for e in entries}), customer, "versions")
        must(account["balance"] == balance == account["available"] + account["pending"] - account["debt"], customer, "balance", account["balance"], balance)
        must(sum(l["remaining"] for l in account["lots"]) - account["debt"] == balance, customer, "lots")
        must(account["earned"] + account["transferredIn"] - account["transferredOut"] - account["redeemed"] - account["expired"] - account["reversed"] == balance, customer, "sums")
        past = client.get(f"/api/loyalty/accounts/{customer}?asOf=" + datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z"))
        must({k: past[k] for k in ("balance", "available", "tier", "earned", "redeemed", "reversed")} == {k: account[k] for k in ("balance", "available", "tier", "earned", "redeemed", "reversed")}, customer, "folded from its facts it is another", past)
        shown = (client.get(f"/api/customers/{customer}/portrait")["loyalty"]["points"] or {"value": 0})["value"]
        must(shown == balance, customer, "portrait says", shown, "and not", balance)
        for k in ("earned", "redeemed", "expired", "reversed", "balance", "transferredIn", "transferredOut"): sums[k] += account[k]
    summary = client.get("/api/loyalty/summary")
    must((summary["pointsEarned"], summary["pointsRedeemed"], summary["pointsReversed"], summary["balance"]) == (sums["earned"], sums["redeemed"], sums["reversed"], sums["balance"]), "summary", summary, dict(sums))
    must(sums["transferredIn"] == sums["transferredOut"], "transfers", dict(sums))
    return wrong, sums


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=120)
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--members", type=int, default=24)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--victims", default="loyalty,customers,rabbitmq,portraits,loyalty,gateway,postgres")
    o = options.parse_args()
    crm("reset", "--yes", check=False)
    crm("up")
    try:
        settings = dict(line.split("=", 1) for line in (RUN / "env").read_text().splitlines() if "=" in line)
        client = Client(f"http://127.0.0.1:{settings['CRM_GATEWAY_PORT']}", crm("token"))
        members = [client.ask("POST", "/api/customers", {"kind": "individual", "source": "faults", "externalIds": [{"system": "faults", "value": str(i)}], "profile": {"name": f"测试 {i}"}})[1]["id"] for i in range(o.members // 2 * 2)]
        for m in members:
            until = time.monotonic() + 60
            while client.ask("GET", f"/api/loyalty/accounts/{m}")[0] != 200 and time.monotonic() < until: time.sleep(0.2)
        for head, other in zip(members[::2], members[1::2]):
            household = client.ask("POST", "/api/loyalty/households", {"headId": head})[1]["id"]
            client.ask("POST", f"/api/loyalty/households/{household}/members", {"customerId": other})
            client.ask("POST", f"/api/loyalty/households/{household}/members/{other}/accept")
        shop = Shop(client, members, o.seed)
        until = time.monotonic() + o.seconds
        with concurrent.futures.ThreadPoolExecutor(o.clients) as clients:
            working = [clients.submit(shop.work, i, until) for i in range(o.clients)]
            victims = 0
            while time.monotonic() < until - 5:
                kill(o.victims.split(",")[victims % len(o.victims.split(","))])
                victims += 1
                time.sleep(4)
            for one in working: one.result()
        crm("up")
        say(f"{o.clients} clients, {victims} kills: {len(shop.purchases)} purchases, {len(shop.returns)} returns, {len(shop.redemptions)} redemptions, {len(set(shop.cancelled))} cancelled, "
            f"{len(shop.adjusted)} adjustments, {len(shop.transfers)} transfers; {shop.twins} sent twice at once; refused {dict(shop.refused)}; answers lost and asked again {dict(Client.lost)}")
        # What was acknowledged to the clients of customers is on its way here.
        until, wrong = time.monotonic() + 180, ["not looked yet"]
        while wrong and time.monotonic() < until:
            time.sleep(2)
            wrong, sums = check(client, shop)
        letters = crm("dead-letters", "list")
        for line in wrong[:20]: say("WRONG:", line[:600])
        say("dead letters:", letters.splitlines()[-1] if letters else "none")
        say("all accounts:", dict(sums))
        print("loyalty faults: every account is what was acknowledged" if not wrong else f"loyalty faults: {len(wrong)} things are wrong")
        if not wrong: crm("reset", "--yes")    # what went wrong stays there to be looked at
        return 1 if wrong else 0
    finally:
        crm("down", check=False)


if __name__ == "__main__":
    sys.exit(main())
