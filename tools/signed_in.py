#!/usr/bin/env python3
"""Shows a served home as somebody sees it who has signed in, to programs that cannot: it makes the first account by the
link that `assay serve` prints, or signs in, and passes requests on with the session's cookie.

usage: signed_in.py SERVER LINK|LOGIN OVERVIEW

Prints where it listens once the verdicts of the overview are there; ends with its standard input."""
import http.server
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

SERVER, WHO, OVERVIEW = sys.argv[1:4]
PASSWORD = "four plain words here"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


opener = urllib.request.build_opener(Stay)


def ask(path, form=None, cookie="", accept="text/html"):
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(SERVER + path, body, {"Cookie": cookie, "Accept": accept})
    try:
        return opener.open(request)
    except urllib.error.HTTPError as answer:
        return answer


def sign_in():
    if WHO.startswith("http"):
        path = urllib.parse.urlparse(WHO).path
        owner = re.search(r'name="owner" value="([^"]*)"', ask(path).read().decode()).group(1)
        answer = ask(path, {"owner": owner, "login": "somebody", "password": PASSWORD, "again": PASSWORD})
    else:
        answer = ask("/sign-in", {"login": WHO, "password": PASSWORD})
    return "; ".join(c.split(";")[0] for c in answer.headers.get_all("Set-Cookie"))


COOKIE = sign_in()


class Pass(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = ask(self.path, cookie=COOKIE)
        body = answer.read()
        self.send_response(answer.status if hasattr(answer, "status") else answer.code)
        for name in ("Content-Type", "Content-Security-Policy", "Location"):
            if answer.headers.get(name):
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def wait_for_verdicts():
    for _ in range(120):
        stages = json.loads(ask(OVERVIEW, cookie=COOKIE, accept="application/json").read())["stages"]
        if all(stage["fresh"] for stage in stages):
            return
        time.sleep(0.5)
    sys.exit("signed_in: the verdicts do not come")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pass)
threading.Thread(target=server.serve_forever, daemon=True).start()
wait_for_verdicts()
print("http://127.0.0.1:%d" % server.server_port, flush=True)
sys.stdin.read()
