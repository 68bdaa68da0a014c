#!/usr/bin/env python3
"""Asks ordinary questions while others ask heavy ones, and prints how long the ordinary ones take.

    ./crm up && ./crm demo            # once, so that there is something to ask for
    tools/slow-readers.py [--seconds 20] [--readers 30] [--previews 30] [--clients 8]

First alone; then with exports of statements whose readers take a little every second, and previews that are asked for again as soon as they are answered or refused (429). Ordinary are an account, a
page of its statement and the portrait. It measures and judges nothing: 99 of 100 in 500 ms is what an installation of this size should keep. Uses the running platform and changes nothing in it.
"""
import argparse, collections, datetime, http.client, json, os, pathlib, socket, subprocess, sys, threading, time, urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent


def crm(*words):
    done = subprocess.run([ROOT / "crm", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"crm {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


class Load:
    def __init__(self, gateway, token):
        self.host, self.headers = urllib.parse.urlsplit(gateway).netloc, {"Authorization": "Bearer " + token}
        self.stopped, self.lock = threading.Event(), threading.Lock()
        self.times, self.answers = [], collections.Counter()

    def ask(self, connection, path, body=None):
        connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body),
                           self.headers | ({} if body is None else {"Content-Type": "application/json"}))
        answer = connection.getresponse()
        return answer.status, answer.read()

    def count(self, what, status):
        with self.lock:
            self.answers[what, status] += 1

    def ordinary(self, paths, until):
        connection, mine = http.client.HTTPConnection(self.host, timeout=60), []
        n = 0
        while time.monotonic() < until:
            path = paths[n % len(paths)]
            n += 1
            begin = time.monotonic()
            try:
                status, _ = self.ask(connection, path)
            except (OSError, http.client.HTTPException) as e:
                connection.close()
                status = type(e).__name__
            mine.append(time.monotonic() - begin)
            time.sleep(0.05)    # so that the gateway's limit per client is not what is measured
            self.count("ordinary", status)
        with self.lock:
            self.times += mine

    def preview(self):
        body = {"rules": [{"name": "base", "perUnit": 2, "valid": {"count": 24}}]}
        connection = http.client.HTTPConnection(self.host, timeout=300)
        while not self.stopped.is_set():
            try:
                status, _ = self.ask(connection, "/api/loyalty/rules/preview", body)
            except (OSError, http.client.HTTPException) as e:
                connection.close()
                status = type(e).__name__
            self.count("preview", status)
            if status != 200:
                self.stopped.wait(1)

    def read_slowly(self, path):
        """A reader that takes 2 kB every second, so the answer waits in the room."""
        while not self.stopped.is_set():
            host, _, port = self.host.partition(":")
            with socket.socket() as reader:
                reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                reader.settimeout(300)
                try:
                    reader.connect((host, int(port or 80)))
                    lines = [f"GET {path} HTTP/1.1", f"Host: {self.host}", "Connection: close", *(f"{k}: {v}" for k, v in self.headers.items()), "", ""]
                    reader.sendall("\r\n".join(lines).encode())
                    status = int(reader.recv(2_048).split(b" ", 2)[1])
                    self.count("export", status)
                    while status == 200 and not self.stopped.wait(1) and reader.recv(2_048):
                        pass
                except (OSError, IndexError) as e:
                    self.count("export", type(e).__name__)
            self.stopped.wait(1)


def rank(times, percent):
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)] * 1000 if times else float("nan")


def measure(title, gateway, token, paths, seconds, clients, readers, previews):
    load = Load(gateway, token)
    heavy = [threading.Thread(target=load.read_slowly, args=("/api/loyalty/exports/statements?format=ndjson",), daemon=True) for _ in range(readers)]
    heavy += [threading.Thread(target=load.preview, daemon=True) for _ in range(previews)]
    for thread in heavy:
        thread.start()
    time.sleep(2 if heavy else 0)
    until = time.monotonic() + seconds
    asking = [threading.Thread(target=load.ordinary, args=(paths[i::clients] or paths, until)) for i in range(clients)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    load.stopped.set()
    print(f"{title:30} {len(load.times):7} requests   p50 {rank(load.times, 50):8.1f} ms   p99 {rank(load.times, 99):8.1f} ms   max {rank(load.times, 100):8.1f} ms")
    print("   " + ", ".join(f"{what} {status}: {n}" for (what, status), n in sorted(load.answers.items(), key=str)), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, value in (("seconds", 20), ("readers", 30), ("previews", 30), ("clients", 8)):
        options.add_argument(f"--{name}", type=int, default=value)
    asked = options.parse_args()
    token = crm("token")
    env = pathlib.Path(os.environ.get("CRM_RUN_DIR", ROOT / ".crm")) / "env"
    settings = dict(line.split("=", 1) for line in env.read_text().splitlines() if "=" in line)
    gateway = f"http://127.0.0.1:{settings['CRM_GATEWAY_PORT']}"
    first = Load(gateway, token)
    status, accounts = first.ask(http.client.HTTPConnection(first.host, timeout=60), "/api/loyalty/accounts?limit=200")
    customers = [account["customerId"] for account in json.loads(accounts).get("items", [])] if status == 200 else []
    if not customers:
        sys.exit(f"slow-readers: {gateway} answered {status}, and tells of no accounts: is the platform up, with the sample loaded?")
    paths = [path for id in customers for path in (f"/api/loyalty/accounts/{id}", f"/api/loyalty/accounts/{id}/statement?limit=20", f"/api/customers/{id}/portrait")]
    print(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M}Z  {gateway}  {asked.clients} clients, one request at a time each")
    measure("alone", gateway, token, paths, asked.seconds, asked.clients, 0, 0)
    measure(f"{asked.readers} readers, {asked.previews} previews", gateway, token, paths, asked.seconds, asked.clients, asked.readers, asked.previews)


main()
