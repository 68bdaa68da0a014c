#!/usr/bin/env python3
"""Sends requests that are valid, broken once, or odd to every operation of the running platform, to the services and through the gateway.

    tools/fuzz.py [--requests 1000] [--seed 1] [--only NUMBER] [--own]

The requests follow from the OpenAPI documents of the services. Ends with 0 unless
 - an answer is 5xx, or there is none; or a request that no operation accepts is accepted;
 - an answer names a .NET type, SQL or a file; or a refusal is no application/problem+json with a urn:crm: type;
 - a refused request has left an event, or has used up its Idempotency-Key;
 - a follower is stuck or a part is not healthy afterwards.
Each fault is printed with the seed, its number and a curl line. The numbers draw the same requests again, but for the ids that the platform gave. --own starts a platform in a run directory of
its own and throws it away afterwards; otherwise the one of ./crm up is used, and keeps what was sent.
"""
import argparse, base64, collections, copy, datetime, http.client, json, os, pathlib, random, re, shlex, socket, subprocess, sys, time, urllib.parse, uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENV = dict(os.environ)
CLIENTS = ("demo", "analyst", "ops")
LEAKS = re.compile(r"\b(?:System|Microsoft|CrmPlatform|Npgsql)\.[A-Z]|\bat [A-Z]\w*(?:\.\w+)+\(|\bselect [\w*\"]+.{0,80} from\b|\binsert into\b|\bconstraint\b|\b23505\b|(?:/home|/tmp|/app|/usr|/work|/src)/\w|\.cs:\d", re.I)
EXACT = re.compile(r"\b(?:System|Microsoft|CrmPlatform|Npgsql)\.[A-Z]")
ODD_TEXT = ["", " ", "\u0000", "\ud800", "a\udc00b", "x" * 300, "é" * 5000, "\u202e<script>alert(1)</script>", "'; drop table tickets; --", "%00%s%n", "../../etc/passwd", "\ufeff", "𠮷🎉", "\r\nX: y", "\u200b", "{{7*7}}"]
ODD_NUMBERS = [0, -1, 1, 2147483647, 2147483648, -2147483648, 9223372036854775807, 9223372036854775808, -9223372036854775808, 1e308, 0.1, 1e-30, 79228162514264337593543950335, 1.23456789012345678]
ODD_DATES = ["0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "1900-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-02-29T00:00:00Z", "2026-05-04T10:00:00", "2026-05-04",
             "2026-05-04T24:00:00Z", "2026-05-04T10:00:60Z", "2026-05-04T10:00:00+14:00", "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-14:00", "04.05.2026", "٢٠٢٦-٠٥-٠٤T10:00:00Z"]
ODD_IN_URL = ["%00", "%ED%A0%80", "%ff", "%C0%AF", "%2e%2e%2f", "%", "%zz", "%F0%9F%98%80", "%25%25", "%0d%0a", "..;/", "a%2Fb", "x" * 3000, "%E2%80%AE", "1e309", "-1", "99999999999999999999", "null", "NaN", "true", "+", "%20", "00000000-0000-0000-0000-000000000000"]
ODD_TYPES = ["application/json; charset=\"utf-8\"", "application/json; charset=utf8", "application/json; charset=gbk", "application/json; charset=utf-16", "text/plain", "application/json; charset=", "application/json;;", "text/csv; charset=latin1", "a/b/c", "*/*", "application/x-www-form-urlencoded",
             "multipart/form-data", "multipart/form-data; boundary=x", "application/json; charset=nobody-knows", "APPLICATION/JSON", "application/problem+json", "application/json, text/csv", "é"]
ODD_ACCEPT = ["text/csv", "image/png", "application/xml;q=0.5", "*/*;q=0", "text/html", "nonsense", ";;;", "application/json;q=9", "application/x-ndjson", "," * 200]
ODD_HEADERS = [("If-Match", 'W/"1"'), ("If-Match", "*"), ("If-Match", '"1", "2"'), ("If-Match", '"99999999999999999999"'), ("If-Match", "x"), ("If-Match", '"-1"'), ("If-None-Match", "*"), ("Idempotency-Key", ""), ("Idempotency-Key", "k" * 201), ("Idempotency-Key", "a,b"),
               ("Idempotency-Key", "k\u00e9y"), ("X-Correlation-Id", "é"), ("X-Correlation-Id", "x" * 65), ("X-Correlation-Id", "a b"), ("X-Correlation-Id", ""), ("X-Correlation-Id", "<script>"), ("Range", "bytes=0-1"), ("Content-Encoding", "gzip"), ("Accept-Encoding", "br;q=x"),
               ("X-HTTP-Method-Override", "DELETE"), ("traceparent", "00-zz"), ("X-Any", "gr\u00fc\u00dfe"), ("X-Any", "gr\udcfc\udcdfe"), ("X-Any", "\u4e2d\u6587"), ("Cookie", "crm-pages=x; =; ;"), ("X-Forwarded-For", "é"), ("X-Long", "y" * 6000), ("Authorization", "Bearer é"), ("Expect", "100-continue"),
               ("User-Agent", "\u2603"), ("Accept-Language", "xx-invalid-😀"), ("If-Modified-Since", "yesterday"), ("Upgrade", "websocket"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
METHODS = ["PUT", "DELETE", "PATCH", "POST", "GET", "HEAD", "OPTIONS", "TRACE", "BREW", "CONNECT"]
# What takes a platform apart when it is done on purpose is asked for with what it refuses only.
NEVER_VALID = re.compile(r"/ops/(?!events|followers$)|/dead-letters/|/forget$")


def say(*words):
    print("fuzz:", *words, file=sys.stderr, flush=True)


def crm(*words, check=True):
    done = subprocess.run([ROOT / "crm", *words], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if check and done.returncode != 0:
        sys.exit(f"crm {' '.join(words)}: {done.stdout}{done.stderr}")
    return done


class Request:
    def __init__(self, method, path, operation=None):
        self.method, self.path, self.operation = method, path, operation
        self.query, self.headers, self.body, self.json = [], [], None, None
        self.base, self.client, self.how, self.certain, self.wire = "", "demo", "valid", False, False

    def set(self, name, value):
        self.headers = [(n, v) for n, v in self.headers if n.lower() != name.lower()] + [(name, value)]

    def header(self, name):
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    def content(self):
        return self.body if self.body is not None else None if self.json is None else json.dumps(self.json).encode()

    def target(self):
        return self.path + ("?" + "&".join(k if v is None else f"{k}={v}" for k, v in self.query) if self.query else "")

    def clone(self):
        return copy.deepcopy(self)

    def curl(self):
        def quoted(data):
            if all(32 <= b < 127 for b in data):
                return shlex.quote(data.decode())
            return "$'" + "".join(chr(b) if 32 <= b < 127 and b not in b"'\\" else f"\\x{b:02x}" for b in data) + "'"
        words = ["curl -isg --path-as-is", "-X " + self.method, quoted((self.base + self.target()).encode())]
        if self.client in CLIENTS:
            words.append(f'-H "Authorization: Bearer $(./crm token {self.client})"')
        words += ["-H " + quoted(f"{n}: {v}".encode("utf-8", "surrogateescape")) for n, v in self.headers]
        if (body := self.content()) is not None:
            words.append("--data-binary " + quoted(body))
        return " ".join(word if len(word) < 6000 else f"{word[:200]}…({len(word)} characters)" for word in words)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")

    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class Platform:
    def __init__(self):
        told = crm("status").stdout
        self.at = dict(re.findall(r"│\s*([a-z-]+)\s*│\s*(?:up|degraded)\s*│\s*(http://[\d.:]+)", told))
        if "gateway" not in self.at:
            sys.exit(f"fuzz: the platform is not running: ./crm up\n{told}")
        self.rooms = [room["name"] for room in json.loads((ROOT / "rooms.json").read_text()) if room["name"] in self.at]
        self.logs = [room["name"] for room in json.loads((ROOT / "rooms.json").read_text()) if not room.get("onlyReads")]
        self.tokens = {client: crm("token", client).stdout.strip() for client in CLIENTS}

    def send(self, request, timeout=40):
        host, port = request.base.removeprefix("http://").split(":")
        lines = [f"{request.method} {request.target()} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
        if request.client in CLIENTS:
            lines.append(f"Authorization: Bearer {self.tokens[request.client]}")
        elif request.client:
            lines.append(f"Authorization: {request.client}")
        lines += [f"{n}: {v}" for n, v in request.headers]
        body = request.content()
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        with socket.create_connection((host, int(port)), timeout) as connection:
            try:
                connection.sendall("\r\n".join(lines + ["", ""]).encode("utf-8", "surrogateescape") + (body or b""))
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before it was read: the answer is there
            answer = http.client.HTTPResponse(connection, method=request.method)
            answer.begin()
            try:
                return Answer(answer.status, answer.headers, answer.read())
            except (ConnectionResetError, http.client.IncompleteRead) as cut:
                return Answer(answer.status, answer.headers, getattr(cut, "partial", b""))

    def get(self, room, path, client="demo"):
        request = Request("GET", path)
        request.base, request.client = self.at[room], client
        return self.send(request).json()

    def sql(self, room, text):
        done = subprocess.run([ROOT / "crm", "psql", room.replace("-", "_"), "-Atc", text], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"fuzz: {done.stderr}")
        return done.stdout.split()


class Operation:
    def __init__(self, room, method, path, spec, components):
        self.room, self.method, self.path, self.spec, self.components = room, method.upper(), path, spec, components
        self.parameters = spec.get("parameters", [])
        content = spec.get("requestBody", {}).get("content", {})
        self.type = next(iter(content), None)
        media = content.get(self.type, {})
        self.schema = media.get("schema", {})
        self.examples = [e["value"] for e in media.get("examples", {}).values() if "value" in e]

    def resolve(self, schema):
        seen = 0
        while seen < 20:
            seen += 1
            if "$ref" in schema:
                schema = self.components.get(schema["$ref"].split("/")[-1], {})
            elif any(k in schema for k in ("oneOf", "anyOf")):
                options = schema.get("oneOf") or schema.get("anyOf")
                real = [o for o in options if o.get("type") != "null"]
                schema = {**(self.resolve(real[0]) if real else {}), "nullable": len(real) < len(options)}
            else:
                return schema
        return {}

    def kinds(self, schema):
        kinds = schema.get("type", [])
        return {kinds} if isinstance(kinds, str) else set(kinds)

    def properties(self, schema):
        schema = self.resolve(schema)
        found = dict(schema.get("properties", {}))
        for part in schema.get("allOf", []):
            found |= self.properties(part)
        return found


class Maker:
    """Draws request number n of a seed."""

    def __init__(self, platform, seed):
        self.platform, self.seed, self.ids, self.cursors, self.operations = platform, seed, collections.defaultdict(list), [], []
        for room in platform.rooms:
            document = platform.get(room, "/openapi/v1.json", "")
            components = document.get("components", {}).get("schemas", {})
            for path, item in document["paths"].items():
                self.operations += [Operation(room, method, path, spec, components) for method, spec in item.items() if method in ("get", "post", "put", "delete", "patch")]

    def id(self, rng, kind):
        known = self.ids.get(kind) or self.ids.get("customers")
        if known and rng.random() < 0.93:
            return rng.choice(known)
        every = [i for ids in self.ids.values() for i in ids]
        return rng.choice(every) if every and rng.random() < 0.3 else str(uuid.UUID(int=rng.getrandbits(128), version=4))

    def learn(self, request, answer):
        found = answer.json() if answer.status < 300 and "json" in (answer.headers.get("Content-Type") or "") else None
        if not isinstance(found, dict):
            return
        if isinstance(found.get("next"), str) and len(self.cursors) < 500:
            self.cursors.append((request.path, found["next"]))
        kind = request.path.rstrip("/").split("/")[-1]
        items = [found] if answer.status == 201 else found.get("items", [])
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), str) and re.fullmatch(r"[0-9a-f-]{36}", item["id"]) and len(self.ids[kind]) < 200:
                self.ids[kind].append(item["id"])

    def value(self, rng, operation, schema, name="", depth=0):
        nullable = "null" in operation.kinds(schema)
        schema = operation.resolve(schema)
        if schema.get("enum"):
            return rng.choice([v for v in schema["enum"] if v is not None] or [None])
        kinds = operation.kinds(schema) - {"null"}
        if depth > 6 or (nullable and rng.random() < 0.5):
            return None
        if "array" in kinds:
            return [self.value(rng, operation, schema.get("items", {}), name, depth + 1) for _ in range(rng.randint(1, 2))]
        if "object" in kinds or "properties" in schema or "allOf" in schema:
            required = schema.get("required", [])
            return {k: self.value(rng, operation, s, k, depth + 1) for k, s in operation.properties(schema).items() if k in required or rng.random() < 0.5}
        if "boolean" in kinds:
            return rng.random() < 0.5
        if kinds & {"integer", "number"}:
            low, high = schema.get("minimum", 1), schema.get("maximum", 1000)
            return rng.randint(int(low), int(max(low, min(high, low + 1000))))
        form = schema.get("format")
        if not form and re.fullmatch(r"\w*At|from|until|asOf|since", name):
            form = "date-time"
        if form == "uuid":
            return self.id(rng, "customers" if "ustomer" in name else name.removesuffix("Id") + "s")
        if form == "date-time":
            return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=rng.randint(1, 5000))).strftime("%Y-%m-%dT%H:%M:%SZ")
        if form == "date":
            return f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        return ("a%x" % rng.getrandbits(40))[: schema.get("maxLength", 40)]

    def fresh(self, rng, value, name=""):
        """An example with ids of this platform, days of the past, and numbers of its own."""
        if isinstance(value, dict):
            return {k: self.fresh(rng, v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.fresh(rng, v, name) for v in value]
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", value):
            return self.id(rng, "customers" if "ustomer" in name else name.removesuffix("Id") + "s")
        if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", value):
            return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=rng.randint(1, 5000))).strftime("%Y-%m-%dT%H:%M:%SZ")
        if name in ("value", "reference", "orderNumber", "returnNumber", "number", "code", "name") and rng.random() < 0.7:
            return f"{value}-{rng.getrandbits(32):x}"[:60]
        return value

    def valid(self, rng, operation):
        numbers = [p["name"] for p in operation.parameters if p["in"] == "path" and "integer" in operation.kinds(p.get("schema", {}))]
        fill = lambda m: str(rng.randint(1, 3)) if m[2] in numbers else self.id(rng, "customers" if "ustomer" in m[2] else m[1]) if m[2].endswith("d") else rng.choice(["a1", "x"])
        request = Request(operation.method, re.sub(r"([\w-]+)/\{(\w+)\}", lambda m: f"{m[1]}/{fill(m)}", operation.path), operation)
        for parameter in operation.parameters:
            schema = parameter.get("schema", {})
            if parameter["in"] == "query" and (parameter.get("required") or rng.random() < 0.3) and parameter["name"] != "after":
                request.query.append((parameter["name"], urllib.parse.quote(str(self.value(rng, operation, {**operation.resolve(schema), "type": list(operation.kinds(operation.resolve(schema)) - {"null"})}, parameter["name"])))))
            elif parameter["in"] == "header" and parameter["name"] == "Idempotency-Key" and rng.random() < 0.5:
                request.set("Idempotency-Key", str(uuid.UUID(int=rng.getrandbits(128))))
        if operation.type:
            request.set("Content-Type", operation.type)
            if operation.type != "application/json":
                request.body = str(rng.choice(operation.examples) if operation.examples else "{}\n").encode()
            else:
                request.json = self.fresh(rng, copy.deepcopy(rng.choice(operation.examples))) if operation.examples and rng.random() < 0.7 else self.value(rng, operation, operation.schema)
        request.base = self.platform.at["gateway" if rng.random() < 0.4 else operation.room]
        return request

    # Broken once: what no operation accepts, whatever else it holds.

    def places(self, operation, schema, value, path=()):
        """Every value in a body with its schema: (path, schema, holder)."""
        resolved = operation.resolve(schema)
        yield path, schema, value
        if isinstance(value, dict):
            properties = operation.properties(schema)
            for key, inner in value.items():
                if key in properties:
                    yield from self.places(operation, properties[key], inner, path + (key,))
        elif isinstance(value, list):
            for at, inner in enumerate(value):
                yield from self.places(operation, resolved.get("items", {}), inner, path + (at,))

    def put(self, request, path, value):
        if not path:
            request.json = value
            return
        holder = request.json
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value

    def break_body(self, rng, request):
        operation = request.operation
        places = list(self.places(operation, operation.schema, request.json))
        path, schema, value = rng.choice(places)
        resolved = operation.resolve(schema)
        kinds = operation.kinds(resolved) | operation.kinds(schema)
        known = bool(kinds - {"null"})
        nullable = "null" in kinds or resolved.get("nullable")
        where = "/".join(map(str, path)) or "the body"
        way = rng.randrange(7)
        if way == 0 and isinstance(value, dict) and operation.properties(schema) and "additionalProperties" not in resolved:
            value["nobodyKnows"] = 1
            return f"an unknown property in {where}"
        if way == 1 and isinstance(value, dict) and (required := [r for r in resolved.get("required", []) if r in value]):
            key = rng.choice(required)
            del value[key]
            return f"{where} without {key}"
        if way == 2 and known and not nullable:
            self.put(request, path, None)
            return f"null for {where}"
        if way == 3 and "array" in kinds and isinstance(value, list) and "null" not in operation.kinds(resolved.get("items", {})) and not operation.resolve(resolved.get("items", {})).get("nullable"):
            value.insert(rng.randint(0, len(value)), None)
            return f"null in {where}"
        if way == 4 and known and kinds & {"string", "integer", "number", "boolean"}:
            self.put(request, path, rng.choice([{}, [], {"a": 1}, [1]]))
            return f"another kind of JSON for {where}"
        if way == 5 and "string" in kinds and isinstance(value, str):
            self.put(request, path, value + rng.choice(["\u0000", "\ud800", "\udfff"]))
            return f"text that cannot be stored in {where}"
        if way == 6 and resolved.get("enum"):
            self.put(request, path, "nobody-knows")
            return f"an unknown choice for {where}"
        return None

    def broken(self, rng, operation):
        request = self.valid(rng, operation)
        request.certain = True
        ways = ["token", "garbage"] if operation.type == "application/json" else ["token"]
        if request.json is not None:
            ways += ["body"] * 6
        way = rng.choice(ways)
        if way == "body":
            for _ in range(40):
                if how := self.break_body(rng, request):
                    request.how = how
                    return request
            way = "garbage"
        if way == "garbage" and request.content() is not None:
            request.body = rng.choice([b"", b"{", b"[]", b"null", b"7", b'"text"', b"{}x", b"\xff\xfe{\x00}\x00", b'{"a":"\xff"}', b"[" * 2000, b"NaN", b"\x00", b"{'a':1}"])
            request.how = f"the body {request.body[:20]!r}"
        else:
            request.client = rng.choice(["", "Bearer x", "Basic eDp5", "Bearer", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "bearer  "])
            request.how = f"the token {request.client!r}"
            request.certain = "/health" not in operation.path
        return request

    # Odd: it may be accepted or refused, but never fall over.

    def odd(self, rng, operation):
        request = self.valid(rng, operation)
        request.client = rng.choice(CLIENTS + ("demo",) * 5)
        for _ in range(rng.choice([1, 1, 1, 2])):
            way = rng.choice([self.odd_path, self.odd_query, self.odd_header, self.odd_method, self.odd_cursor, self.odd_body, self.odd_body])
            request.how = (request.how + " and " if request.how != "valid" else "") + way(rng, request)
        return request

    def odd_path(self, rng, request):
        parts = request.path.split("/")
        inner = [i for i, p in enumerate(request.operation.path.split("/")) if "{" in p]
        way = rng.randrange(4)
        if inner and way < 3:
            parts[rng.choice(inner)] = rng.choice(ODD_IN_URL)
        elif way == 0:
            parts.append("")
        elif way == 1:
            parts = [p.upper() for p in parts]
        else:
            parts.insert(rng.randint(1, len(parts)), rng.choice(ODD_IN_URL + ["", ".", ".."]))
        request.path = "/".join(parts)
        return "an odd path"

    def odd_query(self, rng, request):
        names = [p["name"] for p in request.operation.parameters if p["in"] == "query"] or ["limit", "after", "x"]
        name = rng.choice(names)
        way = rng.randrange(4)
        if way == 0:
            request.query += [(name, "1"), (name, rng.choice(ODD_IN_URL))]
        elif way == 1:
            request.query.append((rng.choice(ODD_IN_URL), None))
        elif way == 2:
            request.query = [q for q in request.query if q[0] != name] + [(name, urllib.parse.quote(rng.choice(ODD_DATES + ODD_TEXT).encode("utf-8", "surrogatepass")))]
        else:
            request.query = [q for q in request.query if q[0] != name] + [(name, rng.choice(ODD_IN_URL + [str(n) for n in ODD_NUMBERS] + [""]))]
        return f"an odd query ({name})"

    def odd_header(self, rng, request):
        way = rng.randrange(4)
        if way == 0:
            request.set("Content-Type", rng.choice(ODD_TYPES))
            return "an odd content type"
        if way == 1:
            request.set("Accept", rng.choice(ODD_ACCEPT))
            return "an odd Accept"
        if way == 2 and request.method == "POST":
            request.headers += [("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
            return "two keys"
        name, value = rng.choice(ODD_HEADERS)
        if name == "Authorization":
            request.client = ""
        if name == "Expect":
            request.method = "POST"
        request.set(name, value)
        return f"the header {name}: {value[:20]!r}"

    def odd_method(self, rng, request):
        request.method = rng.choice(METHODS)
        return f"the method {request.method}"

    def odd_cursor(self, rng, request):
        if not any(p["name"] == "after" for p in request.operation.parameters):
            return self.odd_query(rng, request)
        own = [c for path, c in self.cursors if path == request.path]
        cursor = rng.choice(own or [c for _, c in self.cursors] or ["x"])
        text = decoded(cursor)
        way = rng.randrange(4)
        if text and way < 3:
            if text.startswith("{") and way < 2:
                fields = json.loads(text)
                fields[rng.choice(list(fields))] = rng.choice([None, "", "x", 0, -1, -2147483648, 2147483648, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", {}, 1e308])
                text = json.dumps(fields)
            else:
                numbers = list(re.finditer(r"\d+", text))
                if numbers:
                    at = rng.choice(numbers)
                    text = text[: at.start()] + rng.choice(["-2147483648", "99999999999999999999", "0", "", "9223372036854775807", "-1"]) + text[at.end():]
            cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        elif way == 3:
            at = rng.randrange(len(cursor))
            cursor = cursor[:at] + rng.choice("A0_-zé%=") + cursor[at + 1:]
        request.query = [q for q in request.query if q[0] != "after"] + [("after", urllib.parse.quote(cursor))]
        return "an odd cursor"

    def odd_body(self, rng, request):
        if request.body is not None:  # rows of an import
            return self.odd_rows(rng, request)
        if request.json is None:
            return self.odd_query(rng, request)
        operation = request.operation
        places = [p for p in self.places(operation, operation.schema, request.json) if p[0]]
        if not places:
            return self.odd_header(rng, request)
        path, schema, value = rng.choice(places)
        kinds = operation.kinds(operation.resolve(schema))
        form = operation.resolve(schema).get("format")
        choices = ODD_DATES if form in ("date-time", "date") else ODD_TEXT if "string" in kinds else ODD_NUMBERS + ["1", "NaN", True] if kinds & {"integer", "number"} else [[], {}, None, [None], 1]
        if isinstance(value, list) and value and rng.random() < 0.5:
            self.put(request, path, value * rng.choice([2, 300]))
            return f"many of {'/'.join(map(str, path))}"
        self.put(request, path, rng.choice(choices))
        if rng.random() < 0.05:
            request.body = json.dumps(request.json)[:-1].encode() + b',"' + str(path[0]).encode() + b'":1}'
        return f"an odd value for {'/'.join(map(str, path))}"

    def odd_rows(self, rng, request):
        lines = request.body.split(b"\n")
        at = rng.randint(0, len(lines))
        odd = rng.choice([b"null", b"[]", b"{}", b"{", b'{"a":"\\u0000"}', b"\xff\xfe", b'"open', b"x" * 20000, b",,,,,,,,,,", b'{"a":' * 100, b"\x00", b"\xed\xa0\x80", b'{"name":"\\ud800"}', b"7", b"true", "\ufeff".encode()])
        way = rng.randrange(3)
        if way == 0 and lines:
            victim = bytearray(rng.choice(lines) or b"{}")
            for _ in range(3):
                victim[rng.randrange(len(victim))] = rng.choice(b'"{}[],:0-9\xff\x00n')
            odd = bytes(victim)
        if way == 1:
            numbers = list(re.finditer(rb"\d+", request.body))
            if numbers:
                m = rng.choice(numbers)
                request.body = request.body[: m.start()] + rng.choice([b"-1", b"1e308", b"99999999999999999999999999999", b"", b"0x10", b"1,5", b"NaN"]) + request.body[m.end():]
                return "an odd number in a row"
        request.body = b"\n".join(lines[:at] + [odd] + lines[at:])
        return f"the row {odd[:20]!r}"

    def door(self, rng):
        """What only the gateway answers: tokens, the form, the page."""
        path = rng.choice(["/connect/token", "/connect/token", "/sign-in", "/sign-in", "/docs", "/", "/openapi/v1.json", "/.well-known/jwks.json", "/health/ready", "/portraits/%01", "/portraits/" + self.id(rng, "customers")])
        request = Request(rng.choice(["GET", "POST"]) if path != "/connect/token" else "POST", path)
        request.base, request.client, request.how = self.platform.at["gateway"], rng.choice(["", "", "demo"]), "the gateway's own"
        if request.method == "POST":
            form = {"grant_type": "client_credentials", "client_id": f"fuzz-{rng.randrange(3)}", "client_secret": "wrong"}
            way = rng.randrange(8)
            request.set("Content-Type", "application/x-www-form-urlencoded")
            request.body = urllib.parse.urlencode(form | ({"to": rng.choice(["/portraits/\u0001", "//evil", "/portraits/\r\nX: y", "/portraits/é", "/portraits/\\x"])} if way < 3 else {})).encode()
            if way == 3:
                request.set("Content-Type", rng.choice(["multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 200]))
                request.body = b"--x\r\nContent-Disposition: form-data; name=client_id\r\n\r\nabc"
            elif way == 4:
                request.body = "&".join(f"f{i}=1" for i in range(1025)).encode()
            elif way == 5:
                request.body = rng.choice([b"%", b"a" * 3000 + b"=1", b"client_id=%ff%00", b"\xff\xfe", b"=&=&=", b"", b"x=" + b"y" * 5_000_000])
            elif way == 6:
                request.set("Content-Type", rng.choice(ODD_TYPES))
            elif way == 7:
                request.set("Authorization", rng.choice(["Basic é", "Basic ====", "Basic eA==", "Basic " + "A" * 5000, "Bearer", ""]))
                request.client = ""
        elif rng.random() < 0.5:
            request.query.append((rng.choice(["to", "x"]), rng.choice(ODD_IN_URL)))
        return request

    def draw(self, n, kinds=("valid", "valid", "valid", "broken", "broken", "odd", "odd", "odd", "odd", "door")):
        rng = random.Random(f"{self.seed}/{n}")
        kind = rng.choice(kinds)
        if kind == "door" and rng.random() < 0.5:
            request = self.door(rng)
        else:
            operation = rng.choice(self.operations)
            if kind == "valid" and NEVER_VALID.search(operation.path) and operation.method != "GET":
                kind = "broken"
            request = {"valid": self.valid, "broken": self.broken}.get(kind, self.odd)(rng, operation)
            if kind == "odd" and NEVER_VALID.search(operation.path) and operation.method != "GET":
                request.client = "analyst"
        if request.header("X-Correlation-Id") is None:
            request.headers.append(("X-Correlation-Id", f"fuzz-{self.seed}-{n}"))
        return request


def decoded(cursor):
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (ValueError, UnicodeDecodeError):
        return None


class Run:
    def __init__(self, platform, seed):
        self.platform, self.seed, self.maker = platform, seed, Maker(platform, seed)
        self.faults, self.counts, self.refused, self.resent = {}, collections.Counter(), set(), 0

    def fault(self, what, n, request, answer=None):
        route = request.operation.path if request.operation else request.path
        key = (what.split(":")[0], request.method, route, answer.status if answer else 0)
        if key in self.faults:
            self.faults[key][1] += 1
            return
        self.faults[key] = [what, 1]
        say(f"FAULT {what}\n  number {n} of seed {self.seed}: {request.method} {route}, {request.how}\n  {request.curl()}\n  -> {answer.status if answer else '-'} {answer.text[:400] if answer else ''}")

    def send(self, n, request):
        try:
            answer = self.platform.send(request)
        except (OSError, http.client.HTTPException) as e:
            self.fault(f"no answer: {type(e).__name__} {e}", n, request)
            return None
        self.counts[answer.status // 100] += 1
        self.check(n, request, answer)
        self.maker.learn(request, answer)
        return answer

    def check(self, n, request, answer):
        type_, text = answer.headers.get("Content-Type") or "", answer.text
        if answer.status >= 500:
            return self.fault(f"{answer.status}", n, request, answer)
        if request.path.startswith(("/openapi", "/docs", "/metrics")):
            return None
        if leak := (LEAKS if answer.status >= 400 else EXACT).search(text):
            self.fault(f"it says '{leak[0]}'", n, request, answer)
        if answer.status == 200 and '"error":"unexpected"' in text:
            self.fault("a row failed unexpectedly", n, request, answer)
        if answer.status < 400:
            if request.certain:
                self.fault(f"accepted: {request.how}", n, request, answer)
            return None
        self.refused.add(answer.headers.get("X-Correlation-Id"))
        bare = answer.status in (400, 414, 431) and not text and "close" in (answer.headers.get("Connection") or "") and not answer.headers.get("X-Correlation-Id")
        if request.method == "HEAD" or bare:  # what is not HTTP the server refuses before anybody sees it
            return None
        if request.path == "/connect/token" and "error" in (answer.json() or {}) or request.path == "/sign-in" and answer.status == 401 and "text/html" in type_:
            return None
        if request.path.startswith("/portraits/") and "text/html" in type_:  # a page says in words what is wrong
            return None
        problem = answer.json()
        if not type_.startswith("application/problem+json") or not isinstance(problem, dict) or not str(problem.get("type")).startswith("urn:crm:"):
            self.fault(f"no problem: {type_}", n, request, answer)

    def mixed(self, numbers):
        for n in numbers:
            request = self.maker.draw(n)
            self.send(n, request)

    def heads(self):
        return {room: int(self.platform.sql(room, "select coalesce(max(seq_id), 0) from mt_events")[0]) for room in self.platform.logs}

    def only_refused(self, numbers):
        """What is certain to be refused, and what was refused with a key, sent again: it has done nothing and has not used up the key."""
        before = self.heads()
        for n in numbers:
            request = self.maker.draw(n, kinds=("broken",))
            request.set("X-Correlation-Id", f"fuzz-refused-{self.seed}-{n}")
            takes_key = any(p["name"] == "Idempotency-Key" for p in request.operation.parameters)
            if takes_key:
                request.set("Idempotency-Key", f"refused-{self.seed}-{n}-{random.getrandbits(32):x}")
            answer = self.send(n, request)
            if answer is None or answer.status < 400 or not takes_key or answer.status in (401, 403, 429):
                continue
            again = self.send(n, request)
            self.resent += 1
            kind = lambda a: (a.status, (a.json() or {}).get("type")) if a else None
            if kind(again) != kind(answer):
                self.fault(f"sent again it is {kind(again)}, it was {kind(answer)}", n, request, again)
            right = self.maker.valid(random.Random(f"right/{n}"), request.operation)
            right.path, right.base = request.path, request.base
            right.set("Idempotency-Key", request.header("Idempotency-Key"))
            if not NEVER_VALID.search(right.path):
                done = self.send(n, right)
                if done is not None and kind(done)[1] == "urn:crm:idempotency-key-reused":
                    self.fault("a refused request used up its key", n, right, done)
        for room, head in before.items():
            if left := self.platform.sql(room, f"select type || ' of ' || correlation_id from mt_events where seq_id > {head} and correlation_id like 'fuzz-refused-{self.seed}-%'"):
                say(f"FAULT refused commands left events in {room}: {' '.join(left)[:600]}")
                self.faults[("left", room)] = [f"refused commands left events in {room}", len(left)]

    def left_nothing(self):
        for room in self.platform.logs:
            known = set(self.platform.sql(room, f"select distinct correlation_id from mt_events where correlation_id like 'fuzz-{self.seed}-%'"))
            if left := known & self.refused:
                say(f"FAULT refused in one request, and yet there are events in {room}: {', '.join(sorted(left)[:10])}")
                self.faults[("left", room, "all")] = [f"refused requests left events in {room}", len(left)]

    def healthy(self):
        until = time.monotonic() + 90
        while (followers := crm("followers", check=False)).returncode != 0 and time.monotonic() < until:
            time.sleep(2)
        status = crm("status", check=False)
        if followers.returncode != 0:
            self.faults[("followers",)] = ["followers are stuck:\n" + followers.stdout, 1]
        if status.returncode != 0 or "degraded" in status.stdout:
            self.faults[("health",)] = ["not healthy:\n" + status.stdout + crm("dead-letters", "list", check=False).stdout, 1]

    def begin(self):
        """Customers first, and then some of everything that can be made."""
        creating = [o for o in self.maker.operations if o.method == "POST" and "{" not in o.path and o.type == "application/json" and not NEVER_VALID.search(o.path)]
        customers = next(o for o in creating if o.path == "/api/customers")
        for n, operation in enumerate([customers] * 12 + creating * 3):
            request = self.maker.valid(random.Random(f"{self.seed}/begin/{n}"), operation)
            request.headers.append(("X-Correlation-Id", f"fuzz-{self.seed}-begin-{n}"))
            self.send(-1 - n, request)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", type=int)
    options.add_argument("--own", action="store_true")
    given = options.parse_args()
    if given.own:
        for name in ("CRM_POSTGRES", "CRM_RABBITMQ", "CRM_RABBITMQ_HTTP"):
            ENV.pop(name, None)
        ENV["CRM_RUN_DIR"] = os.environ.get("CRM_FUZZ_RUN_DIR", str(ROOT / ".crm-fuzz"))
        crm("reset", "--yes", check=False)
        crm("up")
    try:
        sys.exit(fuzz(given))
    finally:
        if given.own:
            crm("reset", "--yes", check=False)


def fuzz(given):
    run = Run(Platform(), given.seed)
    began = time.monotonic()
    say(f"{len(run.maker.operations)} operations of {len(run.platform.rooms)} services; seed {given.seed}")
    run.begin()
    if given.only is not None:
        request = run.maker.draw(given.only)
        print(request.curl())
        answer = run.send(given.only, request)
        print(answer and (answer.status, answer.text[:2000]))
        return 1 if run.faults else 0
    mixed = given.requests * 4 // 5
    run.mixed(range(mixed))
    run.only_refused(range(mixed, given.requests))
    run.left_nothing()
    run.healthy()
    counts = ", ".join(f"{n} {status}xx" for status, n in sorted(run.counts.items()))
    say(f"{sum(run.counts.values())} requests in {time.monotonic() - began:.0f} s: {counts}; {len(run.refused)} refused, {run.resent} of them sent again with their key")
    for what, times in run.faults.values():
        say(f"{times} x {what[:1500]}")
    say("no fault" if not run.faults else f"{len(run.faults)} kinds of faults")
    return 1 if run.faults else 0


if __name__ == "__main__":
    main()
