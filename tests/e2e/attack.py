#!/usr/bin/env python3
"""What others try, on every route that the server says it has.

usage: attack.py PROGRAM [CASE...]

The table is the server's own (openapi.json of an organisation), so that a route that is new is tried without being named
here. Each case stands with its verdict on a line."""
import hashlib
import itertools
import os
import re
import secrets
import socket
import sqlite3
import sys
import threading
import urllib.parse

from served import ORGANISATIONS, Session, run_cases

O = "/o/one-ltd"
LONG = bool(os.environ.get("ASSAY_TEST_LONG"))
TURN = itertools.count()
MARK = "zq\"'><zq onload=zq>{{zq}}"
SCHEME = re.compile(r"(?:href|src|action|formaction|poster|data)\s*=\s*[\"']?(?!/(?!/)|#|\?|https?:|mailto:|data:image/|[\"'])([^\s>\"']*)", re.I)


def some(things, n=1):
    """All of them where there is time; else the next ones, so that each has its turn somewhere."""
    things = list(things)
    if LONG or len(things) <= n:
        return things
    return [things[next(TURN) % len(things)] for _ in range(n)]


# ---- the table ----

def table(served):
    """(method, path with braces, parameters of the query) of all routes; those of records once, for the risks."""
    api = served.people["one-ltd"]["owner"].get(O + "/openapi.json").json()
    found = {}
    for path, item in api["paths"].items():
        short = re.sub(r"^%s/r/[a-z_]+(/|$)" % O, O + r"/r/risk\1", path).replace("{register}", "risk")
        for method, one in item.items():
            named = [p["name"] for p in one["parameters"] if p["in"] == "query"]
            found.setdefault((method.upper(), short), named)
    return [(method, path, named) for (method, path), named in sorted(found.items())]


def schemas(served):
    return served.people["one-ltd"]["owner"].get(O + "/openapi.json").json()["components"]["schemas"]


def fill(path, value, organisation=O):
    return re.sub(r"\{[a-z_]+\}", lambda _: value, path.replace("/o/{organisation}", organisation))


def costly(path):
    """What takes no parameters of people, or starts a process for each request."""
    return path == O or path.endswith(("/judge", ".json", "/metrics", "/healthz")) or "/assets" in path or "/export/" in path


def anonymous(path):
    return path.startswith(("/sign-in", "/link/", "/healthz", "/metrics", "/assets", "/reset", "/oidc", "/p/", "/passkey"))


# What the pages take beside what their operations do.
PAGE_PARAMETERS = ("to", "where", "sort", "columns", "skip", "limit", "field", "how", "value", "words", "as-of", "stage", "from",
                   "format", "register", "error", "state", "code")


# ---- forms ----

def guess(schema, persons):
    """A value that a field of this schema might take; None where it is better left out."""
    kind = schema.get("type")
    if "anyOf" in schema:
        return persons
    if kind == "string" and "enum" in schema:
        return schema["enum"][0]
    if kind == "string" and schema.get("format") == "date":
        return "2026-11-20"
    if kind == "string" and schema.get("format") == "date-time":
        return "2026-11-20T10:00:00.000Z"
    if kind == "string" and "pattern" in schema:
        return "1"
    if kind == "string":
        return MARK
    if kind == "integer":
        return "1"
    if kind == "boolean":
        return "yes"
    if kind == "array" and schema["items"].get("type") == "string" and "enum" in schema["items"]:
        return schema["items"]["enum"][0]
    if kind == "array" and schema["items"].get("type") == "string":
        return MARK
    return None


def rows_of(field, schema):
    """Every text of a line of an ordered sub-table."""
    return {"f.%s.0.%s" % (field, inner): MARK for inner, one in schema["items"].get("properties", {}).items()
            if one.get("type") == "string" and not set(one) & {"enum", "format", "pattern"}}


def filled_in(fields):
    form, names = {}, [n for n, s in fields.items() if not s.get("readOnly") and n != "ref"]
    for name in names:
        schema = fields[name]
        if schema.get("type") == "array" and schema["items"].get("type") == "object":
            form["f." + name] = ""
            form.update(rows_of(name, schema))
            continue
        value = guess(schema, "P-001")
        if value is not None:
            form["f." + name] = value
    return form


def drop(form, name):
    return {k: v for k, v in form.items() if k != "f." + name and not k.startswith("f.%s." % name)}


MADE = (200, 201)


def next_form(form, fields, problem, made):
    """The form without what was refused, or with a record that there is in its place; the same where nothing helps."""
    place = problem.get("place", "").split(".")[0]
    missing = re.search(r'[:,] ([^:,]+): ([^:]+): there is no "', problem.get("detail", ""))
    if missing:
        place = next((n for n, s in fields.items() if s.get("title") == missing.group(1) and "f." + n in form), place)
        known = made.get(missing.group(2))
        if known and form.get("f." + place) != known:
            return {**form, "f." + place: known}
    return drop(form, place)


def add(who, register, fields, made, form=None):
    """Sends a form with a text in every field that takes one, and leaves out what is refused until it is taken."""
    form = form or filled_in(fields)
    for _ in range(60):
        got = who.post("%s/r/%s" % (O, register), form)
        if got.status in MADE:
            made.setdefault(got.json()["title"], got.json()["ref"])
            break
        smaller = next_form(form, fields, got.json(), made)
        if smaller == form or not smaller:
            break
        form = smaller
    return got, form


def add_all(who, all_schemas):
    """A record in each register that people fill in, once, in rounds, since some name others: {register: (record, form)}."""
    made, done = {}, who.added
    for _ in range(0 if done else 3):
        for register in [n[:-5] for n in all_schemas if n.endswith(".form")]:
            if register not in done:
                got, form = add(who, register, all_schemas[register + ".fields"]["properties"], made)
                if got.status in MADE:
                    done[register] = (got.json(), form)
    return done


# ---- pages ----

def look(path, answer, fault, attack=MARK):
    """A page that shows what somebody wrote shows it as text; JSON says that it is JSON."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status >= 500:
        fault("%s: %d %s" % (path, answer.status, answer.text[:300]))
    if "json" in kind and answer.headers.get("X-Content-Type-Options") != "nosniff":
        fault(path + ": JSON that a browser may take for something else")
    if "html" not in kind:
        return
    text = answer.text
    for bad in ('zq"', "zq'", "<zq", "=zq>"):
        if bad in text:
            at = text.index(bad)
            fault("%s: %s stands in the page: %s" % (path, bad, text[max(0, at - 120):at + 60]))
            return
    for found in SCHEME.finditer(text):
        if found.group(1):
            fault("%s: leads to %s" % (path, found.group(0)))
    if "{{" in text.replace("{{zq}}", "") or "<script>" in text or "style=" in re.sub(r">[^<]*<", "><", text):
        fault(path + ": a page has what no page has")
    if "script-src 'self'" not in answer.headers.get("Content-Security-Policy", ""):
        fault(path + ": without a policy")


# ---- the cases ----

def test_every_change_without_or_with_a_foreign_token(served, fault):
    owner, other = served.people["one-ltd"]["owner"], served.people["two-ltd"]["owner"]
    before = served.versions()
    tried = 0
    for method, path, _ in table(served):
        if method != "POST" or anonymous(path):
            continue
        at = fill(path, "RISK-001")
        body = {"f.description": "x", "person": "P-001", "role": "owner"}
        tried += 1
        attacks = {
            "no token": lambda: owner.post(at, body, token=False),
            "another session's": lambda: owner.post(at, body, headers={"X-Assay-Token": other.form}),
            "a token in the query": lambda: owner.post(at + "?assay_token=" + owner.form, body, token=False),
            "another site": lambda: owner.post(at, body, headers={"Sec-Fetch-Site": "cross-site"}),
            "a neighbour": lambda: owner.post(at, body, headers={"Sec-Fetch-Site": "same-site"}),
            "another origin": lambda: owner.post(at, body, headers={"Origin": "http://127.0.0.1.evil.example"}),
            "a hidden origin": lambda: owner.post(at, body, headers={"Origin": "null"}),
            "the session alone": lambda: owner.ask("POST", at, b"{}", token=False, headers={"Content-Type": "text/plain"}),
        }
        for name, attack in some(attacks.items(), 3):
            got = attack()
            if got.status not in (400, 403):
                fault("%s: %s: %d" % (at, name, got.status))
        for method_other in ("GET", *some(("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"))):
            got = owner.ask(method_other, at + "?f.description=x&person=P-001&role=owner&assay_token=" + owner.form)
            if method_other != "GET" and got.status not in (405, 404, 501):
                fault("%s %s: %d" % (method_other, at, got.status))
            if "Access-Control-Allow-Origin" in got.headers:
                fault(at + ": other sites may read it")
    if tried < 20:
        fault("only %d changes were found" % tried)
    if served.versions() != before:
        fault("something was written")


def test_anonymous_changes_from_another_site(served, fault):
    for method, path, _ in table(served):
        if method != "POST" or not anonymous(path):
            continue
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            got = served.nobody.post(fill(path, "x"), {"login": "x", "password": "y"}, headers=headers)
            if got.status != 403:
                fault("%s %s: %d" % (path, headers, got.status))


class Listener:
    """Counts who connects: nothing that people write is to be fetched by the server."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.seen = self.socket.getsockname()[1], 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.seen += 1
            connection.close()


def test_markup_in_every_field_of_every_register(served, fault):
    owner, all_schemas = served.people["one-ltd"]["owner"], schemas(served)
    fields_shown = 0
    done = add_all(owner, all_schemas)
    for n, (register, (record, form)) in enumerate(done.items()):
        at = "%s/r/%s/%s" % (O, register, urllib.parse.quote(record["ref"]))
        marked = [k for k, v in form.items() if v == MARK]
        page = owner.page(at)
        look(at, page, fault)
        if marked and page.text.count("{{zq}}") < len(marked):
            fault("%s: of %d texts %d are shown" % (at, len(marked), page.text.count("{{zq}}")))
        columns = ",".join(all_schemas[register + ".fields"]["properties"])
        others = (at + "/history", at + "/remove", "%s/r/%s/new" % (O, register), "%s/r/%s?where=%s" % (O, register, urllib.parse.quote("ref=" + MARK)))
        for other in ("%s/r/%s?columns=%s" % (O, register, columns), at + "/edit", *some(others)):
            look(other, owner.page(other), fault)
        if LONG or n % 4 == 0:
            look(at + " again", owner.ask("POST", at, {**form, "f.ref": MARK, "rev": "77"}, json_wanted=False), fault)
        fields_shown += len(marked)
    for other in (O, O + "/search?words=onload", O + "/members", O + "/judge", O + "/export", O + "/import", O + "/diff?from=2026-01-01", "/"):
        look(other, owner.page(other), fault)
    if len(done) < 72 or fields_shown < 300:
        fault("only %d registers and %d fields took a text: %s" % (len(done), fields_shown, sorted(done)))


def test_markup_in_names_of_files_and_browsers(served, fault):
    owner = served.people["one-ltd"]["owner"]
    name = "zq%22'><zq onload=zq>.html"
    got = owner.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", name, "<script>zq()</script>")
    if got.status not in MADE:
        fault("no file was taken: " + got.text)
        return
    ref = got.json()["ref"]
    for at in ("%s/r/evidence/%s" % (O, ref), O + "/r/evidence", "%s/r/evidence/%s/edit" % (O, ref)):
        look(at, owner.page(at), fault)
    file = owner.get("%s/r/evidence/%s/file/file" % (O, ref))
    said = file.headers["Content-Disposition"]
    if not re.fullmatch(r'attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8\'\'[A-Za-z0-9%._~-]*', said):
        fault("the name of the file steers its header: " + said)
    if "sandbox" not in file.headers["Content-Security-Policy"] or file.headers["X-Content-Type-Options"] != "nosniff":
        fault("a file may act as a page")
    look("a form that is not right", owner.send_file(O + "/r/evidence", {"f.period_from": "often"}, "f.file", name, "x", False), fault)
    look("a file to import", owner.send_file(O + "/import", {}, "file", name, "x,y\n1,2\n", False), fault)
    look("exports", owner.page(O + "/export"), fault)
    hostile = served.account("hostile", "zq\"'><zq onload=zq>@one-ltd", [])
    served.directory.execute("UPDATE session SET agent = ?, address = ? WHERE account = 'hostile'", (MARK, MARK))
    for at in ("/account", "/account/factor", "/"):
        look(at, hostile.page(at), fault)
    look("with a cookie", Session(served, MARK.replace('"', "")).page("/sign-in"), fault)


def test_markup_in_every_parameter(served, fault):
    owner = served.people["one-ltd"]["owner"]
    attacks = (MARK, "javascript:zq//" + MARK)
    for method, path, named in table(served):
        if method != "GET":
            continue
        for attack in some(attacks):
            quoted = urllib.parse.quote(attack, safe="")
            if "{" in path:
                at = fill(path, quoted)
                look(at, owner.page(at), fault)
            at = fill(path, "RISK-001")
            if costly(path):
                continue
            for parameter in dict.fromkeys((*named, *some(PAGE_PARAMETERS, 3))):
                answer = owner.page("%s?%s=%s" % (at, parameter, quoted))
                look("%s?%s" % (at, parameter), answer, fault)
                check_redirect(at, answer, fault)


def check_redirect(at, answer, fault):
    to = answer.headers.get("Location")
    if to is not None and not re.fullmatch(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", to):
        fault("%s: leads to %r" % (at, to))


def test_redirects_to_other_sites(served, fault):
    owner = served.people["one-ltd"]["owner"]
    aims = ("//evil.example", "/\\evil.example", "/\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\\\\evil.example",
            "http://evil.example", "https:evil.example", "/../\\evil.example", "/%5cevil.example", "/%09/evil.example", "/.//evil.example",
            "javascript:zq", "data:text/html,zq", " //evil.example", "/x\r\nSet-Cookie: a=b", "/%0d%0aSet-Cookie:a=b", "/\u2028/evil.example",
            "/@evil.example//..//evil.example", "///evil.example", "/;@evil.example", "?//evil.example", "#//evil.example", ".evil.example")
    paths = [p for m, p, _ in table(served) if m == "GET" and "{" not in p and not costly(p)]
    paths = [p for p in paths if "/account-zq" in (a := owner.page(p + "?to=/account-zq")).text + a.headers.get("Location", "")]
    if "/sign-in" not in paths:
        fault("nothing leads on")
    for aim in aims:
        for at in some(paths):
            answer = owner.page("%s?to=%s" % (at, urllib.parse.quote(aim, safe="")))
            check_redirect("%s to %r" % (at, aim), answer, fault)
            if "Set-Cookie: a=b" in str(answer.headers):
                fault("%s: %r splits the answer" % (at, aim))
    for path in ("//evil.example/%2f..", "/\\evil.example", "/%5cevil.example", "/o/one-ltd/r/risk%0d%0aSet-Cookie:%20a=b"):
        answer = served.nobody.page(path)
        check_redirect(path, answer, fault)


SQL = ("x' OR '1'='1", "x') OR ('1'='1", "1 OR 1=1", "1; DROP TABLE risk; --", "x' UNION SELECT password FROM account --", "\"x\" OR 1=1",
       "x`; --", "%' OR '%'='", "(SELECT 1)", ":id", "?1", "$1", "x'||(SELECT 1/0)||'", "ref) --", "NEAR(a b)", "\"", "a AND", "*", "-- ")


def shown(who, got):
    """The fields of a record that was made."""
    if got.status not in MADE:
        return {}
    return who.get("%s/r/%s/%s" % (O, got.json()["register"], urllib.parse.quote(got.json()["ref"]))).json()["fields"]


def schema_of(served):
    found = []
    for name in ORGANISATIONS:
        store = sqlite3.connect("file:%s/orgs/%s/store.db?mode=ro" % (served.home, name), uri=True, timeout=20)
        found.append(store.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall())
        store.close()
    found.append(served.directory.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall())
    return found


def look_sql(at, answer, fault):
    if answer.status >= 500:
        fault("%s: %d %s" % (at, answer.status, answer.text[:200]))
    if re.search(r"sqlite|syntax error|near \"|SQLSTATE|no such column|unrecognized token|argon2", answer.text, re.I):
        fault("%s: says what the database says: %s" % (at, answer.text[:300]))


def test_sql_in_every_parameter_and_field(served, fault):
    owner, before = served.people["one-ltd"]["owner"], schema_of(served)
    owner.post(O + "/r/risk", {"f.description": "only this one"})
    for method, path, named in table(served):
        for attack in some(SQL):
            quoted = urllib.parse.quote(attack, safe="")
            if "{" in path:
                at = fill(path, quoted)
                look_sql(at, owner.ask(method, at, {} if method == "POST" else None), fault)
            if method == "POST":
                continue
            at = fill(path, "RISK-001")
            if costly(path):
                continue
            if named:
                values = [(p, attack) for p in named]
                look_sql("%s with all" % at, owner.get("%s?%s" % (at, urllib.parse.urlencode(values))), fault)
                for parameter in some(named):
                    look_sql("%s?%s=%s" % (at, parameter, attack), owner.get("%s?%s=%s" % (at, parameter, quoted)), fault)
    for attack in SQL:
        for where in some(("description=" + attack, "description~" + attack, "level>=" + attack, attack + "=x", "description" + attack), 2):
            answer = owner.get(O + "/r/risk?where=" + urllib.parse.quote(where, safe=""))
            look_sql(where, answer, fault)
            if answer.status == 200 and answer.json()["count"] > 0 and re.search(r"\w", attack):
                fault("%s finds %d" % (where, answer.json()["count"]))
        got = owner.post(O + "/r/risk", {"f.description": attack, "f.threat": attack, "key": attack})
        look_sql("a form", got, fault)
        kept = shown(owner, got).get("description")
        if kept != attack.strip():
            fault("%s is kept as %s" % (attack, kept))
        if got.status not in MADE:
            fault("%s is not taken: %s" % (attack, got.text))
        look_sql("sign in", served.nobody.post("/sign-in/code", {"code": attack}), fault)
    got = served.nobody.post("/sign-in", {"login": "x' OR '1'='1", "password": "' OR '1'='1"})
    if got.status != 403:
        fault("signed in by SQL: %d" % got.status)
    if schema_of(served) != before:
        fault("tables have changed")
    rest = owner.get(O + "/r/risk?limit=0").json()
    if not any(r["fields"]["description"] == "only this one" for r in rest["records"]):
        fault("a record is gone")


WAYS = ("..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2fdirectory.db", "..%5c..%5cetc%5cpasswd", "%2fetc%2fpasswd", "..%00", "%c0%ae%c0%ae%2f",
        "....%2f%2fetc", "%2e%2e", ".%2e", "file:%2f%2f%2fetc%2fpasswd", "..;%2f", "%252e%252e%252fetc")


def look_files(at, answer, fault):
    if answer.status >= 500 or "root:" in answer.text or "SQLite format" in answer.text:
        fault("%s: %d %s" % (at, answer.status, answer.text[:200]))


def test_paths_in_every_parameter_and_field(served, fault):
    owner = served.people["one-ltd"]["owner"]
    for method, path, named in table(served):
        for way in some(WAYS, 2):
            if "{" in path:
                at = fill(path, way)
                answer = owner.ask(method, at, {} if method == "POST" else None)
                look_files(at, answer, fault)
                if method == "GET" and answer.status == 200 and not path.endswith("/diff"):
                    fault("%s is there" % at)
            if method == "GET" and named and not costly(path):
                at = fill(path, "RISK-001") + "?" + "&".join("%s=%s" % (p, way) for p in (*named, "output", "home", "file", "content"))
                look_files(at, owner.get(at), fault)
    for way in ("../../../../etc/passwd", "@/etc/passwd", "@../directory.db", "/etc/passwd", "@@/etc/passwd"):
        got = owner.post(O + "/r/evidence", {"f.title": way, "f.file": way, "f.note": way})
        look_files("a form with " + way, got, fault)
        if shown(owner, got).get("title") != way:
            fault("%s is kept as %s" % (way, shown(owner, got)))
        got = owner.post(O + "/r/evidence", {"f.title": "x", "f.file.kept": way})
        if got.status != 422:
            fault("a file that nobody sent: %d" % got.status)
        got = owner.post(O + "/import", {"job": way, "register": way})
        look_files("an import of " + way, got, fault)
        if got.status < 400:
            fault("an import of %s: %d" % (way, got.status))
        got = owner.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", way, "content")
        name = shown(owner, got).get("file", {}).get("name", "")
        if "/" in name:
            fault("a file is called " + name)
    look_files("a bundle", owner.post(O + "/bundle", {"for": "../../../etc/passwd"}), fault)
    for organisation in ("..%2fone-ltd", "one-ltd%2f..%2ftwo-ltd", "ONE-LTD", "one-ltd%20", ".", "%00"):
        if owner.get("/o/%s/r/risk" % organisation).status != 404:
            fault("/o/%s is there" % organisation)


def test_addresses_that_the_server_would_ask(served, fault):
    owner, listener, all_schemas = served.people["one-ltd"]["owner"], Listener(), schemas(served)
    address = "http://127.0.0.1:%d/x" % listener.port
    for register in ("supplier", "document", "evidence", "external_document", "site"):
        fields = all_schemas[register + ".fields"]["properties"]
        form = {k: address if v == MARK else v for k, v in filled_in(fields).items()}
        got, _ = add(owner, register, fields, {}, form)
        if got.status in MADE:
            owner.page("%s/r/%s/%s" % (O, register, got.json()["ref"]))
    for method, path, named in table(served):
        if method == "GET" and named and "{" not in path and not costly(path):
            owner.get(path + "?" + urllib.parse.urlencode([(p, address) for p in (*named, "url", "to")]))
        if method == "POST" and "/sign-out" not in path and path not in (O + "/members", O + "/import", O + "/export", O + "/bundle"):
            owner.post(fill(path, "x"), {"url": address, "address": address, "to": address, "for": address, "f.link": address})
    owner.send_file(O + "/import", {"register": address}, "file", "a.csv", "Ref,Description\n1,%s\n" % address)
    if listener.seen:
        fault("the server asked what somebody wrote: %d times" % listener.seen)
    listener.socket.close()
    for headers in ({"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example"}, {"Host": "127.0.0.1@evil.example"}, {"Host": "evil.example:80#127.0.0.1"},
                    {"Host": ""}):
        if owner.get(O, headers=headers).status != 421:
            fault("it goes by the name %s" % headers)
    got = owner.post(O + "/members/invite", {"person": "P-001"}, headers={
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Forwarded": "host=evil.example"})
    if got.status != 200 or not got.json()["link"].startswith("http://127.0.0.1"):
        fault("a link that another name was put into: " + got.text)


def test_sessions_that_somebody_else_chose(served, fault):
    chosen = secrets.token_urlsafe(32)
    answer = Session(served, chosen).get("/account")
    if answer.status != 401 or "Set-Cookie" in answer.headers:
        fault("a session that nobody gave is taken")
    owner = served.people["one-ltd"]["owner"]
    got = owner.post(O + "/r/person", {"f.name": "Sally"})
    if owner.post(O + "/members", {"person": got.json()["ref"], "role": "reader"}).status != 200:
        fault("no reader")
    link = owner.post(O + "/members/invite", {"person": got.json()["ref"]}).json()["link"]
    path = "/" + link.split("/", 3)[3]
    password = "four plain words here"
    made = Session(served, chosen).post(path, {"login": "sally", "password": password, "again": password}, token=False)
    cookies = made.headers.get_all("Set-Cookie") or []
    first = [c for c in cookies if c.startswith("assay-session=")]
    if made.status not in MADE or not first or chosen in str(cookies):
        fault("no session, or the one that was chosen: %s %s" % (made.status, cookies))
        return
    for part in ("HttpOnly", "SameSite=Lax", "Path=/"):
        if part not in first[0]:
            fault("a cookie without " + part)
    if "Domain=" in first[0]:
        fault("a cookie of more than this host")
    one = Session(served, first[0].split("=", 1)[1].split(";")[0])
    again = one.post("/sign-in", {"login": "sally", "password": password})
    two = Session(served, [c for c in again.headers.get_all("Set-Cookie") if c.startswith("assay-session=")][0].split("=", 1)[1].split(";")[0])
    if len(one.token) != 43 or one.token == two.token or one.token[:8] == two.token[:8]:
        fault("signing in gives no new session")
    if served.nobody.get(path).status != 404:
        fault("a link works twice")
    if served.nobody.get("/account?assay-session=" + two.token).status != 401:
        fault("a session in the address is taken")
    if served.nobody.get("/account", headers={"Cookie": "assay-session=%s; assay-session=%s" % (two.token, chosen)}).status != 401:
        fault("of two sessions one is taken")
    if two.get("/account").status != 200:
        fault("the session is none")
    if two.post("/sign-out").status not in (200, 303) or two.get("/account").status != 401:
        fault("who signed out is still in")
    with open(served.home + "/directory.db", "rb") as file:
        data = file.read()
    if one.token.encode() in data or password.encode() in data or path.rsplit("/", 1)[1].encode() in data:
        fault("the directory has what a browser or a person has")


def test_fields_that_no_form_has(served, fault):
    owner, all_schemas = served.people["one-ltd"]["owner"], schemas(served)
    extra = {"id": "a" * 26, "rev": "9", "state": "closed", "at": "2020-01-01T00:00:00.000Z", "actor": "P-002", "via": "local",
             "as": "P-002", "person": "P-002", "role": "owner", "organisation": "two-ltd", "register": "membership", "again": "yes", "yes": "yes",
             "f.id": "a" * 26, "f.rev": "9", "f.at": "2020-01-01", "f.actor": "P-002", "f.register": "membership", "f.organisation": "two-ltd",
             "f.role_of_nobody": "owner", "f.": "x", "f": "x", "f.__proto__": "x", "fields": "x", "home": "/", "output": "/tmp/zq", "content": "/"}
    tried = 0
    for register, (plain, form) in add_all(owner, all_schemas).items():
        if not LONG and next(TURN) % 3:
            continue
        schema = all_schemas[register + ".fields"]["properties"]
        allowed = all_schemas[register + ".form"]["properties"]
        hidden = {n for n in schema if "f." + n not in allowed and n != "ref" and schema[n].get("type") != "array"}
        forged = {n: (schema[n].get("enum") or ["77"])[-1] for n in hidden}
        got, _ = add(owner, register, schema, {}, {**form, **extra, **{"f." + n: v for n, v in forged.items()}, "rev": ""})
        if got.status not in MADE:
            continue
        tried += 1
        at = "%s/r/%s/" % (O, register)
        made, was = [owner.get(at + urllib.parse.quote(r["ref"])).json() for r in (got.json(), plain)]
        if made["id"] == extra["id"] or made["rev"] != 1:
            fault("%s: a name of one's own: %s" % (register, got.text[:200]))
        for name in made["fields"]:
            if name not in schema:
                fault("%s: a field that it has not: %s" % (register, name))
        for name in hidden:
            if made["fields"].get(name) != was["fields"].get(name) and str(made["fields"].get(name)) == str(forged[name]):
                fault("%s: %s was set to %s" % (register, name, forged[name]))
        change = {**extra, **{"f." + n: v for n, v in forged.items()}, "rev": "1"}
        owner.post(at + urllib.parse.quote(made["ref"]), change)
        after = owner.get(at + urllib.parse.quote(made["ref"])).json()
        if after["fields"] != made["fields"] or after["id"] != made["id"] or after["ref"] != made["ref"]:
            fault("%s: changed by what no form has: %s -> %s" % (register, made["fields"], after["fields"]))
    if tried < (60 if LONG else 20):
        fault("only %d registers were tried" % tried)
    history = owner.get(O + "/r/person/P-001/history").text
    if '"via":"local"' in history.split('"rev":1')[0]:
        fault("who did it was told by a form")


def test_nobody_makes_themselves_an_owner(served, fault):
    people = served.people["one-ltd"]
    members = people["owner"].get(O + "/members").text
    for role, who in people.items():
        if role == "owner":
            continue
        for at, form in ((O + "/members", {"person": "P-003", "role": "owner"}), (O + "/members/invite", {"person": "P-001"}),
                         (O + "/members/remove", {"person": "P-001"}), (O + "/r/membership", {"f.person": "P-003", "f.role": "owner", "f.from_on": "2026-01-01"}),
                         (O + "/members/factor", {"required": "yes"}), (O + "/members/factor/remove", {"person": "P-001"})):
            got = who.post(at, form)
            if got.status not in (403, 404):
                fault("%s at %s: %d" % (role, at, got.status))
        listed = who.get(O + "/r/membership")
        for record in listed.json().get("records", []) if listed.status == 200 else []:
            got = who.post("%s/r/membership/%s" % (O, record["ref"]), {"f.role": "owner"})
            if got.status not in (403, 404):
                fault("%s changes a membership: %d" % (role, got.status))
    if people["owner"].get(O + "/members").text != members:
        fault("who takes part has changed")


def same_as_none(fault, what, foreign, none, name, other):
    """What belongs to somebody else is to be what does not exist."""
    a, b = foreign.without_request().replace(name, "-"), none.without_request().replace(other, "-")
    if foreign.status != none.status or foreign.status < 400 or a != b:
        fault("%s: %d, of what is not there %d: %s" % (what, foreign.status, none.status, foreign.text[:300]))


def test_what_belongs_to_another_organisation(served, fault):
    canary = "Canary " + secrets.token_hex(8)
    one, two = served.people["one-ltd"]["owner"], served.people["two-ltd"]["owner"]
    theirs = two.post("/o/two-ltd/r/risk", {"f.description": canary}).json()
    file = two.send_file("/o/two-ltd/r/evidence", {"f.title": canary}, "f.file", canary + ".txt", canary).json()
    job = two.post("/o/two-ltd/export", {}).json()
    before = served.versions()
    for name in (theirs["id"], file["id"], job.get("job", theirs["id"])):
        none = "".join(reversed(name))
        for method, path, named in table(served):
            if "{" not in path or "/link/" in path or "/assets" in path:
                continue
            body = {"rev": "1", "f.description": "x"} if method == "POST" else None
            same_as_none(fault, "%s %s" % (method, fill(path, name)), one.ask(method, fill(path, name), body),
                         one.ask(method, fill(path, none), body), name, none)
    for method, path, named in table(served):
        if not path.startswith(O):
            continue
        there, nowhere = fill(path, "RISK-001").replace(O, "/o/two-ltd"), fill(path, "RISK-001").replace(O, "/o/nowhere")
        body = {"person": "P-001", "role": "owner"} if method == "POST" else None
        same_as_none(fault, there, one.ask(method, there, body), one.ask(method, nowhere, body), "two-ltd", "nowhere")
    nested = [("/r/risk", {"f.description": "x", "f.owner": theirs["id"]}), ("/r/risk", {"f.description": "x", "f.assets": theirs["id"]}),
              ("/r/evidence", {"f.title": "x", "f.supplied_by": theirs["id"]}), ("/members", {"person": theirs["id"], "role": "owner"}),
              ("/members/invite", {"person": theirs["id"]}), ("/import", {"job": job.get("job", "x")})]
    for at, form in nested:
        got = one.post(O + at, form)
        if canary in got.text or got.status >= 500:
            fault("%s %s: %d %s" % (at, form, got.status, got.text[:200]))
    for at in ("/r/risk?where=owner=" + theirs["id"], "/search?words=Canary", "/r/risk?limit=0", "/diff?from=2026-01-01", "", "/members", "/export"):
        if canary in one.get(O + at).text:
            fault(at + " shows what is another organisation's")
    with open(served.log, encoding="utf-8") as log:
        if canary in log.read():
            fault("the log has what is in a record")
    changed = served.versions() - before
    if two.get("/o/two-ltd/r/risk/" + theirs["ref"]).json()["rev"] != 1 or changed > 3:
        fault("something of theirs was changed (%d)" % changed)


def test_what_belongs_to_another_person(served, fault):
    people = served.people["one-ltd"]
    canary = "Canary " + secrets.token_hex(8)
    theirs = people["owner"].post(O + "/r/incident", {"f.what": canary}).json()
    job = people["owner"].post(O + "/export", {}).json()["job"]
    employee = people["employee"]
    for method, path, _ in table(served):
        if "{record}" not in path:
            continue
        for name in (theirs["id"], theirs["ref"]):
            none = "IN-999" if name == theirs["ref"] else "".join(reversed(name))
            at, nowhere = [fill(path, n).replace("/r/risk/", "/r/incident/") for n in (name, none)]
            body = {"rev": "1", "f.what": "mine"} if method == "POST" else None
            same_as_none(fault, "%s %s" % (method, at), employee.ask(method, at, body), employee.ask(method, nowhere, body), name, none)
    for at in ("/r/incident?limit=0", "/search?words=Canary", "/diff?from=2026-01-01", "", "/r/incident?where=what~Canary", "/r/incident?where=ref=" + theirs["ref"]):
        answer = employee.get(O + at)
        if canary in answer.text or theirs["id"] in answer.text or (answer.status == 200 and '"count":1' in answer.text):
            fault("an employee sees at %s what is not theirs: %s" % (at, answer.text[:300]))
    for role, who in people.items():
        for at in ("/jobs/" + job, "/jobs/%s/file" % job):
            if role != "owner" and who.get(O + at).status not in (403, 404):
                fault("%s sees another's job" % role)
        if role != "owner" and who.post("%s/jobs/%s/cancel" % (O, job)).status not in (403, 404):
            fault("%s ends another's job" % role)
    sessions = people["owner"].get("/account").json()["sessions"]
    for role in ("reader", "manager"):
        people[role].post("/account/sessions", {"session": sessions[0]["id"]})
        if sessions[0]["id"] in people[role].get("/account").text:
            fault("somebody else's sessions are shown")
    if people["owner"].get("/account").status != 200:
        fault("a reader ended an owner's session")
    kept = re.search(r'name="f.file.kept" value="([^"]+)"', people["owner"].send_file(
        O + "/r/evidence", {"f.period_from": "often"}, "f.file", "x.txt", canary, False).text)
    if not kept:
        fault("no file was kept")
    elif people["manager"].post(O + "/r/evidence", {"f.title": "x", "f.file.kept": kept.group(1)}).status != 422:
        fault("a file that another person has sent is taken")
    people["owner"].post(O + "/r/risk", {"f.description": "x"})


def test_a_right_that_is_taken_away(served, fault):
    """A change of rights holds at once, for sessions that are open."""
    owner = served.people["one-ltd"]["owner"]
    person = owner.post(O + "/r/person", {"f.name": "Leaving"}).json()
    owner.post(O + "/members", {"person": person["ref"], "role": "manager"})
    who = served.account("leaving", "leaving", [("one-ltd", person["id"])])
    if who.get(O + "/r/risk").status != 200:
        fault("a manager does not get in")
    owner.post(O + "/members", {"person": person["ref"], "role": "reader"})
    owner.post(O + "/members/remove", {"person": person["ref"], "role": "manager"})
    if who.post(O + "/r/risk", {"f.description": "x"}).status != 403:
        fault("one who is a reader now still writes")
    owner.post(O + "/members/remove", {"person": person["ref"]})
    if who.get(O + "/r/risk").status != 404:
        fault("one who takes part no more still reads")
    served.directory.execute("UPDATE account SET ended_at = '2026-11-30' WHERE id = 'leaving'")
    if who.get("/account").status != 401:
        fault("an account that has ended is still in")


def test_sessions_end_by_themselves(served, fault):
    for column, value, name in (("seen_at", "2026-01-01T00:00:00.000Z", "idle"), ("made_at", "2026-01-01T00:00:00.000Z", "old")):
        who = served.session("owner-one-ltd")
        if who.get("/account").status != 200:
            fault("no session")
        served.directory.execute("UPDATE session SET %s = ? WHERE token = ?" % column, (value, hashlib.sha256(who.token.encode()).hexdigest()))
        if who.get("/account").status != 401:
            fault("a session that is %s is still one" % name)


def test_what_every_answer_says(served, fault):
    reader = served.people["one-ltd"]["reader"]
    for method, path, _ in table(served):
        for who in (reader, served.nobody):
            answer = who.ask(method, fill(path, "x"), {} if method == "POST" else None, token=False)
            for name, words in (("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
                                ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin")):
                if words not in answer.headers.get(name, ""):
                    fault("%s %s: %s is %s" % (method, path, name, answer.headers.get(name)))
            policy = answer.headers.get("Content-Security-Policy", "")
            if "unsafe" in policy or "frame-ancestors 'none'" not in policy:
                fault(path + ": a weak policy")
            if not answer.headers.get("Content-Type") and answer.body:
                fault(path + ": of no type")
            if "Server" in answer.headers or "X-Powered-By" in answer.headers:
                fault(path + ": says what it is made of")
            control = answer.headers.get("Cache-Control", "")
            if not path.startswith("/assets") and "/healthz" not in path and "/metrics" not in path and "no-store" not in control and "private, no-cache" not in control:
                fault("%s %s: may be kept by anybody: %s" % (method, path, control))


if __name__ == "__main__":
    sys.exit(run_cases(globals(), sys.argv[1], sys.argv[2:]))
