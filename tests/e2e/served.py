"""A home that is served for a test: two organisations, and in each an account for every role.

Accounts and sessions are put into the directory as the server keeps them, since hashing a password takes what it has to. Used
by attack.py, wire.py and load.py; each case of these is a function test_NAME, and stands with its verdict on a line."""
import hashlib
import http.client
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

ROLES = ("owner", "manager", "contributor", "employee", "internal_auditor", "external_auditor", "consultant", "reader")
ORGANISATIONS = ("one-ltd", "two-ltd")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def without_request(self):
        """What two answers to the same question have in common."""
        return re.sub(r'("request":"|Request )[0-9a-f]+', "", self.text)


class Session:
    """Somebody's browser, without a jar: its cookie is told once."""

    def __init__(self, served, token):
        self.served, self.token, self.added = served, token, {}
        self.form = hashlib.sha256(b"assay-form-v1\n" + token.encode()).digest()[:16].hex() if token else ""

    def ask(self, method, path, body=None, headers=None, json_wanted=True, token=True):
        given = {"Accept": "application/json" if json_wanted else "text/html"}
        if self.token:
            given["Cookie"] = "assay-session=" + self.token
        if method == "POST" and token:
            given["X-Assay-Token"] = self.form
        if isinstance(body, (dict, list)):
            body = urllib.parse.urlencode(body)
        if body is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        given.update(headers or {})
        return self.served.ask(method, path, body, given)

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def page(self, path):
        return self.ask("GET", path, json_wanted=False)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body if body is not None else {}, **more)

    def send_file(self, path, fields, name, file_name, content, json_wanted=True):
        parts = ['--zq\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % item for item in fields.items()]
        parts.append('--zq\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
                     "Content-Type: text/html\r\n\r\n%s\r\n--zq--\r\n" % (name, file_name, content))
        return self.ask("POST", path, "".join(parts).encode(), json_wanted=json_wanted,
                        headers={"Content-Type": "multipart/form-data; boundary=zq"})


class Served:
    def __init__(self, program, accounts=True, **options):
        self.begin(program)
        self.assay("organisations", "add", "Two Ltd", "--owner", "Eve")
        self.start(**options)
        self.directory = sqlite3.connect(self.home + "/directory.db", timeout=20, isolation_level=None)
        self.nobody = Session(self, "")
        self.people = {}
        if accounts:
            for name in ORGANISATIONS:
                self.add_accounts(name)

    def begin(self, program):
        self.program = program
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.folder.name + "/home"
        self.log = self.folder.name + "/log"
        self.connection = None
        self.server = None
        self.assay("init", self.home, "--name", "One Ltd", "--owner", "First", "--time-zone", "UTC")

    # ---- the program ----

    def environment(self):
        left_out = ("ASSAY_AS", "ASSAY_ORGANISATION", "ASSAY_FILES", "NOTIFY_SOCKET")
        return {**{k: v for k, v in os.environ.items() if k not in left_out}, "ASSAY_HOME": self.home}

    def assay(self, *words, code=0):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, check=False, env=self.environment())
        if done.returncode != code:
            raise AssertionError("assay %s: %d: %s" % (" ".join(words), done.returncode, done.stderr))
        return done.stdout

    def start(self, *words, port=0, environment=None):
        with open(self.folder.name + "/said", "wb") as said, open(self.folder.name + "/err", "ab") as err:
            self.server = subprocess.Popen(
                [self.program, "serve", "--listen", "127.0.0.1:%d" % port, "--today", "2026-11-30", "--log", self.log, *words],
                stdout=said, stderr=err, stdin=subprocess.DEVNULL, env={**self.environment(), **(environment or {})})
        until = time.monotonic() + 60
        found = None
        while found is None:
            if self.server.poll() is not None or time.monotonic() > until:
                raise AssertionError("it does not serve: " + open(self.folder.name + "/err", encoding="utf-8").read())
            time.sleep(0.02)
            found = re.search(r"Assay is at \S+://[a-z0-9.]+:(\d+)", open(self.folder.name + "/said", encoding="utf-8").read())
        self.port = int(found.group(1))

    def stop(self, how=signal.SIGTERM):
        if self.connection:
            self.connection.close()
            self.connection = None
        if self.server and self.server.poll() is None:
            self.server.send_signal(how)
        return self.server.wait(30) if self.server else None

    def end(self):
        self.stop()
        self.folder.cleanup()

    # ---- requests ----

    def ask(self, method, path, body, headers):
        for again in (False, True):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.putrequest(method, path, skip_accept_encoding=True, skip_host="Host" in headers)
                data = body.encode() if isinstance(body, str) else body
                for name, value in headers.items():
                    self.connection.putheader(name, value)
                if data is not None or method == "POST":
                    self.connection.putheader("Content-Length", str(len(data or b"")))
                self.connection.endheaders(data)
                answer = self.connection.getresponse()
                return Answer(answer.status, answer.headers, answer.read())
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                if again:
                    raise
        return None

    # ---- people ----

    def session(self, account):
        token = secrets.token_urlsafe(32)
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
        self.directory.execute("INSERT INTO session (token, id, account, made_at, seen_at, address, agent) VALUES (?,?,?,?,?,'-','-')",
                               (hashlib.sha256(token.encode()).hexdigest(), secrets.token_hex(13), account, now, now))
        return Session(self, token)

    def account(self, account, login, bindings):
        self.directory.execute("INSERT INTO account (id, login, password, made_at) VALUES (?, ?, '-', '-')", (account, login))
        for organisation, person in bindings:
            self.directory.execute("INSERT INTO account_person VALUES (?, ?, ?)", (account, organisation, person))
        return self.session(account)

    def add_accounts(self, name):
        first = json.loads(self.assay("list", "person", "--organisation", name, "--json"))["records"][0]
        owner = self.account("owner-" + name, "owner@" + name, [(name, first["id"])])
        self.people[name] = {"owner": owner}
        for role in ROLES[1:]:
            made = owner.post("/o/%s/r/person" % name, {"f.name": "Person " + role}).json()
            got = owner.post("/o/%s/members" % name, {"person": made["ref"], "role": role})
            if got.status != 200:
                raise AssertionError("no %s: %s" % (role, got.text))
            self.people[name][role] = self.account("%s-%s" % (role, name), "%s@%s" % (role, name), [(name, made["id"])])

    def versions(self):
        """What was ever written in both organisations."""
        total = 0
        for name in ORGANISATIONS:
            store = sqlite3.connect("file:%s/orgs/%s/store.db?mode=ro" % (self.home, name), uri=True, timeout=20)
            total += store.execute("SELECT count(*) FROM record_version").fetchone()[0]
            store.close()
        return total


def run_cases(module, program, wanted, **options):
    """Each case, its name after "passed" or "FAILED" and, indented, why."""
    cases = {k[5:]: v for k, v in module.items() if k.startswith("test_") and (not wanted or k[5:] in wanted)}
    served = None
    failed = 0
    try:
        served = Served(program, **options)
        for name, case in cases.items():
            faults = []
            began = time.monotonic()
            try:
                case(served, faults.append)
            except Exception:  # a case that breaks is one that fails
                faults.append(traceback.format_exc())
            failed += bool(faults)
            print("%s %s" % ("FAILED" if faults else "passed", name))
            for fault in faults[:12]:
                print("    " + fault[:1500].replace("\n", "\n    "))
            if os.environ.get("ASSAY_TEST_TIMES"):
                print("%6.1f s: %s" % (time.monotonic() - began, name), file=sys.stderr)
            sys.stdout.flush()
    finally:
        if served:
            served.end()
    return 1 if failed else 0
