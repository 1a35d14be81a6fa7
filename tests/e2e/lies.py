#!/usr/bin/env python3
"""Whether the server does what it says of itself: requests made from its own description (openapi.json), right and wrong ones, and
each answer held against the same description.

usage: lies.py PROGRAM [PART-OF-AN-OPERATION...]      with ASSAY_TEST_LONG=1 many more requests, and what fails made small

No answer is a 5xx. An answer's status, type and body are those that are described; an error is a problem that names its own
status. What is described is not refused as malformed, and what is not described (another type, a day that is none, a word that is no
choice, an argument that is not there) is not taken. Who may is as is said: nobody without a session or token, and a token where it
is named. Prints a verdict a line: "passed" or "FAILED" and the operation, and below what was wrong."""
import datetime
import functools
import json
import os
import re
import resource
import sys
import tempfile
import urllib.parse

import hypothesis
import hypothesis.configuration
import hypothesis.strategies as st
import jsonschema

from served import Served

LONG = bool(os.environ.get("ASSAY_TEST_LONG"))
ORG = "one-ltd"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"
CHECKER = jsonschema.FormatChecker(["date"])
# Slow: each of these hashes a password, has verdicts made, or begins a process.
SLOW = re.compile(r"/(sign-in|link|account/(password|factor|passkeys|tokens))|/(judge|export|bundle|import|openapi.json)(/|$)|^/o/[a-z-]+$")
HASHED = re.compile(r"/account/(password|factor/|passkeys)|/sign-in/passkey|/link/")
# Of jobs, each of which is a process, these stand for all where there is little time.
JOBS = ("/op/export", "/op/content-add")
ENDS = re.compile(r"/sign-out$|/account/sessions$|/members/remove$|members-remove$")


class Lie(Exception):
    pass


def lie(*words):
    raise Lie(" ".join(str(w) for w in words))


# ---- what is described ----

class Described:
    def __init__(self, api):
        self.api = api
        self.schemas = api["components"]["schemas"]

    @functools.lru_cache(maxsize=None)
    def validator(self, pointer):
        node = self.api
        for step in json.loads(pointer):
            node = node[step]
        return jsonschema.Draft202012Validator({"components": self.api["components"], **node}, format_checker=CHECKER)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def operations(self):
        for path, item in self.api["paths"].items():
            for method, one in item.items():
                yield path, method.upper(), one


# ---- values by their schema, and against it ----

CHARS = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff")
TEXTS = st.one_of(st.text(CHARS, max_size=20),
                  st.sampled_from(["", " ", "x", "risk", "RISK-001", "P-001", "owner", "level>=8", "f", "1", "-1", "0", "99999999999999999999",
                                   "2026-11-30", "2026-02-30", "a=b", "=", "@x", "@@x", "ä€😀", "'\"<>&", "%00", "../..", "null", "a" * 300]))
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)).map(lambda d: d.isoformat())
NO_DAYS = st.sampled_from(["2026-02-30", "2026-13-01", "yesterday", "30.11.2026", "2026-11", "20261130", "0000-00-00", "2026-11-30T00:00:00Z"])


def right(described, schema):
    """A value that the schema allows."""
    schema = described.resolve(schema)
    kind = schema.get("type")
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if isinstance(kind, list):
        return st.one_of(*[right(described, {**schema, "type": k}) for k in kind])
    if kind == "integer":
        return st.integers(schema.get("minimum", 0), min(schema.get("maximum", 10 ** 9), 2 ** 53))
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        return st.lists(right(described, schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
    if kind == "object":
        inner, needed = schema.get("properties", {}), set(schema.get("required", []))
        return st.fixed_dictionaries({k: right(described, v) for k, v in inner.items() if k in needed},
                                     optional={k: right(described, v) for k, v in inner.items() if k not in needed})
    if schema.get("format") == "date":
        return DAYS
    if "pattern" in schema:
        return st.integers(0, 10 ** 6).map(str)
    return TEXTS


def wrong(described, schema):
    """A value that it does not allow; None where it allows all that can be sent as JSON of its kind."""
    schema = described.resolve(schema)
    kind = schema.get("type")
    if isinstance(kind, list):
        return st.sampled_from([True, -1, "-1", "many", "1.5", 2 ** 60, [], {}])
    if kind == "integer":
        return st.sampled_from(["many", "-1", True, [], {}, "1e3"])
    if kind == "boolean":
        return st.sampled_from(["yes", 1, [], {}])
    if kind == "array":
        return st.sampled_from(["x", 1, True, {}, [[]], [{}], [True]])
    if kind == "object":
        return st.sampled_from([[], "x", 1])
    others = st.sampled_from([[], {}, True, ["x"]])
    if "enum" in schema:
        return st.one_of(others, st.just("no choice of these"))
    return st.one_of(others, NO_DAYS) if schema.get("format") == "date" else others


def wrong_in_query(described, schema):
    """Everything is text in a query: only what has a form of its own can be wrong."""
    schema = described.resolve(schema)
    if schema.get("type") == "array":
        return wrong_in_query(described, schema["items"])
    if "enum" in schema:
        return st.just("no choice of these")
    if schema.get("type") == "integer":
        return st.sampled_from(["many", "-1", "1.5", "1e3", "0x10", "99999999999999999999"])
    return NO_DAYS if schema.get("format") == "date" else None


# ---- one request ----

class Request:
    def __init__(self, method, path, query=(), body=None, kind=None):
        self.method, self.path, self.query, self.body, self.kind = method, path, list(query), body, kind

    def __repr__(self):
        return "%s %s %s" % (self.method, self.target(), repr(self.body)[:300])

    def target(self):
        return self.path + ("?" + urllib.parse.urlencode(self.query) if self.query else "")


def as_query(name, value):
    return [(name, str(v)) for v in (value if isinstance(value, list) else [value])]


class Tried:
    """An operation, and what the server is asked by it."""

    def __init__(self, world, path, method, one):
        self.world, self.described, self.path, self.method, self.one = world, world.described, path, method, one
        self.content = one.get("requestBody", {}).get("content", {})
        self.job = "202" in one["responses"]

    def draw_path(self, data):
        def part(match):
            name = match.group(1)
            known = self.world.known.get(name, []) or ["none"]
            value = data.draw(st.one_of(st.sampled_from(known), st.sampled_from(known), TEXTS.filter(lambda t: t not in ("", ".", ".."))), label=name)
            return urllib.parse.quote(value, safe="")
        return re.sub(r"{([a-z]+)}", part, self.path)

    def draw(self, data):
        """A request as it is described."""
        query = []
        for p in self.one["parameters"]:
            if p["in"] == "query" and p["name"] != "as" and data.draw(st.integers(0, 2), label="give") == 0:
                query += as_query(p["name"], data.draw(right(self.described, p["schema"]), label=p["name"]))
        request = Request(self.method, self.draw_path(data), query)
        if JSON in self.content:
            request.kind, request.body = JSON, data.draw(self.args(), label="args")
        elif FORM in self.content:
            request.kind, request.body = FORM, data.draw(right(self.described, self.content[FORM]["schema"]), label="form")
        return request

    def args(self):
        """Those of an operation of the table; registers and records that are there, now and then."""
        schema = self.content[JSON]["schema"]
        return right(self.described, schema).flatmap(lambda args: st.fixed_dictionaries(
            {k: (st.one_of(st.just(v), st.sampled_from(self.world.known[k])) if k in self.world.known else st.just(v)) for k, v in args.items()}))

    def draw_wrong(self, data):
        """The same with one thing that is not described; None where nothing can be wrong."""
        choices = [("query", p["name"], s) for p in self.one["parameters"] if p["in"] == "query"
                   for s in [wrong_in_query(self.described, p["schema"])] if s is not None]
        if JSON in self.content:
            schema = self.described.resolve(self.content[JSON]["schema"])
            choices += [("args", k, wrong(self.described, v)) for k, v in schema["properties"].items()]
            choices += [("missing", k, None) for k in schema["required"]] + [("args", "nothing of this name", st.just("x")), ("body", None, None)]
        if not choices:
            return None
        request = self.draw(data)
        where, name, strategy = data.draw(st.sampled_from(choices), label="wrong")
        if where == "query":
            request.query = [q for q in request.query if q[0] != name] + [(name, data.draw(strategy, label=name))]
        elif where == "args":
            request.body = {**request.body, name: data.draw(strategy, label=name)}
        elif where == "missing":
            request.body = {k: v for k, v in request.body.items() if k != name}
        else:
            request.body = data.draw(st.sampled_from([b"", b"[]", b"{", b"\xff", b'{"a":1,"a":2}', b"x", b'"x"']), label="body")
            if request.body == b"" and not schema["required"]:
                request.body = b"{"
        return request

    # ---- what comes of it ----

    def check(self, request, answer):
        status = answer.status
        if status >= 500:
            lie("it failed:", status, answer.text[:300], request)
        responses = self.one["responses"]
        key = next((k for k in (str(status), "%dXX" % (status // 100)) if k in responses), None)
        if key is None and status < 400:
            lie("a status that is not described:", status, request)
        key = key or "default"
        described = responses[key].get("content", {})
        kind = (answer.headers.get("Content-Type") or "").split(";")[0]
        if described and kind not in described and "*/*" not in described:
            lie("a type that is not described:", kind or "none", "not", list(described), status, request)
        if kind in (JSON, PROBLEM):
            self.check_tree(request, answer, key, kind)
        return status

    def check_tree(self, request, answer, key, kind):
        tree = answer.json()
        pointer = json.dumps(["paths", self.path, self.method.lower(), "responses", key, "content", kind, "schema"])
        for error in self.described.validator(pointer).iter_errors(tree):
            lie("not as is described:", "/".join(map(str, error.absolute_path)), error.message[:300], request)
        if kind == PROBLEM and (tree["status"] != answer.status or not tree.get("detail")):
            lie("a problem that does not say what is wrong:", answer.text[:300], request)

    def check_right(self, request, answer):
        status = self.check(request, answer)
        if status in (400, 405, 411, 415):
            lie("refused as malformed:", answer.text[:300], request)
        if status == 422 and self.has_form(answer.json().get("place", "")):
            lie("what is described is not taken:", answer.text[:300], request)

    def has_form(self, place):
        """Whether the schema says all of what this argument may be."""
        schemas = {p["name"]: p["schema"] for p in self.one["parameters"] if p["in"] == "query"}
        if JSON in self.content:
            schemas.update(self.described.resolve(self.content[JSON]["schema"])["properties"])
        schema = schemas.get(place, {})
        schema = schema.get("items", schema)
        return "enum" in schema or schema.get("type") in ("boolean",) or (schema.get("type") == "integer")

    def check_wrong(self, request, answer):
        if self.check(request, answer) < 400:
            lie("what is not described is taken:", answer.status, answer.text[:200], request)

    # ---- who may ----

    def check_security(self):
        secured = [set(s) for s in self.one["security"]]
        path = re.sub(r"{([a-z]+)}", lambda m: urllib.parse.quote((self.world.known.get(m.group(1)) or ["none"])[0], safe=""), self.path)
        request = Request(self.method, path, body={} if self.content else None, kind=JSON if JSON in self.content else FORM)
        if set() not in secured:
            got = self.world.ask(request, who="nobody").status
            if got != 401:
                lie("nobody gets", got, request)
        slow = self.job or (SLOW.search(self.path) and not LONG)
        if {"bearer"} in secured and not slow:
            if self.world.ask(request, who="program").status in (401, 403):
                lie("a token is not taken where it is named:", request)
        elif {"bearer"} not in secured and set() not in secured and not slow:
            if self.world.ask(request, who="program").status not in (401, 403):
                lie("a token is taken where it is not named:", request)


# ---- the served home ----

class World:
    def __init__(self, program):
        self.served = Served(program, accounts=False)
        first = json.loads(self.served.assay("list", "person", "--organisation", ORG, "--json"))["records"][0]
        self.owner = self.served.account("owner", "owner@one", [(ORG, first["id"])])
        self.token = self.served.assay("tokens", "add", "owner@one", "lies", "--organisation", ORG, *[
            w for r in ("write", "approve", "judge", "transfer", "administer") for w in ("--right", r)]).strip()
        self.known = {}
        self.fill()
        api = self.served.ask("GET", "/o/%s/openapi.json" % ORG, None, self.bearer()).json()
        self.described = Described(api)
        self.known["register"] = ["risk", "evidence", "person", "organisation", "document"]

    def bearer(self):
        return {"Accept": JSON, "Authorization": "Bearer " + self.token}

    def fill(self):
        """Records for what is read."""
        def op(name, args):
            got = self.served.ask("POST", "/o/%s/op/%s" % (ORG, name), json.dumps(args), {**self.bearer(), "Content-Type": JSON})
            if got.status not in (200, 202):
                raise AssertionError("%s: %s" % (name, got.text))
            return got.json()
        refs = [op("add", {"register": "risk", "fields": ["description=A laptop is lost", "likelihood=2", "consequence=3", "owner=P-001"]})["ref"]]
        refs.append(op("add", {"register": "incident", "fields": ["what=Something"]})["ref"])
        refs.append(op("add", {"register": "objective", "fields": ["text=Fewer incidents"]})["ref"])
        job = op("export", {"register": ["risk"], "output": "risk.csv"})["job"]
        self.known = {"record": refs, "organisation": [ORG], "state": ["closed", "accepted"], "job": [job], "field": ["file"],
                      "person": ["P-001"], "question": ["Q"], "role": ["reader"], "name": ["assay.css"]}

    def ask(self, request, who="owner"):
        body, headers = request.body, {}
        if body is not None and request.kind == JSON:
            body, headers = (body if isinstance(body, bytes) else json.dumps(body)), {"Content-Type": JSON}
        elif body is not None:
            body, headers = urllib.parse.urlencode(body), {"Content-Type": FORM}
        if who == "program":
            return self.served.ask(request.method, request.target(), body, {**self.bearer(), **headers})
        session = self.owner if who == "owner" else self.served.nobody
        return session.ask(request.method, request.target(), body, headers)


def examples(tried):
    many = 60 if LONG else 2
    if tried.job:
        return 12 if LONG else int(tried.path.endswith(JOBS))
    if HASHED.search(tried.path) and tried.method == "POST" and not LONG:
        return 0
    if SLOW.search(tried.path):
        return 10 if LONG else 1
    return many if "/r/" not in tried.path or LONG else 1


def settings(n):
    return hypothesis.settings(max_examples=n, deadline=None, database=None, derandomize=not LONG, suppress_health_check=list(hypothesis.HealthCheck),
                               phases=[hypothesis.Phase.generate] + ([hypothesis.Phase.shrink] if LONG else []), report_multiple_bugs=False,
                               print_blob=False, verbosity=hypothesis.Verbosity.quiet)


def try_operation(world, tried):
    n = examples(tried)

    @settings(max(n, 1))
    @hypothesis.given(st.data())
    def rightly(data):
        if ENDS.search(tried.path):
            world.owner = world.served.session("owner")
        request = tried.draw(data)
        tried.check_right(request, world.ask(request))

    @settings(max(n, 1) + (0 if SLOW.search(tried.path) else 2))
    @hypothesis.given(st.data())
    def wrongly(data):
        request = tried.draw_wrong(data)
        if request is not None:
            tried.check_wrong(request, world.ask(request))

    if not ENDS.search(tried.path):
        tried.check_security()
    if n > 0:
        rightly()
    if n == 0 and not tried.job:
        return
    world.owner = world.served.session("owner") if ENDS.search(tried.path) else world.owner
    wrongly()


def is_wanted(path, method, wanted):
    if any(w in method + " " + path for w in wanted) or wanted:
        return any(w in method + " " + path for w in wanted)
    # Registers are made from one pattern: where there is little time a few stand for all.
    return LONG or "/r/" not in path or re.search(r"/r/(risk|evidence|organisation|soa_entry|{register})(/|$)", path)


def main():
    hypothesis.configuration.set_hypothesis_home_dir(tempfile.gettempdir() + "/assay-lies")
    world = World(sys.argv[1])
    failed = 0
    try:
        for path, method, one in world.described.operations():
            if not is_wanted(path, method, sys.argv[2:]):
                continue
            try:
                try_operation(world, Tried(world, path, method, one))
                print("passed %s %s" % (method, path))
            except Lie as error:
                failed += 1
                print("FAILED %s %s\n    %s" % (method, path, error))
            sys.stdout.flush()
        if world.served.nobody.get("/healthz").status != 200:
            failed += 1
            print("FAILED the server is well")
    finally:
        world.served.end()
    if os.environ.get("ASSAY_TEST_TIMES"):
        own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        print("computed: this %.1f s, the server %.1f s" % (own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
