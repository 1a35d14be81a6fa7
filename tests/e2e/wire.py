#!/usr/bin/env python3
"""What a server meets on the wire: requests that two programs would understand differently, clients that are slow, that leave,
that send too much, and thousands that say nothing.

usage: wire.py PROGRAM [CASE...]

With ASSAY_TEST_LONG=1 there are 10,000 of these, and slow readers are waited for."""
import concurrent.futures
import os
import re
import resource
import socket
import ssl
import struct
import subprocess
import sys
import time
import warnings

from served import Served, run_cases

LONG = bool(os.environ.get("ASSAY_TEST_LONG"))
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /sign-in/code HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
OTHER = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
FIRST_S = 20  # that a head may take (docs/serve.md)


def connect(served, timeout=20.0):
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def rest(connection, want):
    """All that comes until `want` answers are there, and whether the other end closed."""
    got, enough = b"", False
    try:
        while True:
            data = connection.recv(65536)
            if not data:
                return got, True
            got += data
            if not enough and got.count(b"HTTP/1.1 ") >= want and len(statuses(got)) >= want and statuses(got)[-1] != "?":
                enough = True
                connection.settimeout(0.15)  # nothing more is to come
    except ConnectionError:
        return got, True
    except TimeoutError:
        return got, False


def statuses(got):
    """Of the answers in a stream, each as long as it says; the library's own repeat their head, and close."""
    found = []
    while got:
        head, _, body = got.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 (\d+)", head)
        if not status:
            return found + ["?"]
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.I)
        if length and len(body) < int(length.group(1)):
            return found
        found.append(int(status.group(1)))
        got = body[int(length.group(1)):] if length else body
        if re.search(rb"\r\nconnection: close", head, re.I):
            break
    return found


def say(served, data, want=1):
    connection = connect(served)
    try:
        connection.sendall(data)
    except ConnectionError:
        pass
    got, closed = rest(connection, want)
    connection.close()
    return statuses(got), closed


def lives(served, fault, what):
    began = time.monotonic()
    answer = served.nobody.get("/healthz")
    if answer.status != 200 or time.monotonic() - began > 5:
        fault("%s: %d after %.1f s" % (what, answer.status, time.monotonic() - began))


# ---- one request, understood in one way ----

# What is sent, and what may be answered: a request that hides in another is never answered.
REFUSED = {
    "a length and pieces": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "pieces and a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 45\r\n\r\n",
    "the same length twice": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "a list of lengths": POST + b"Content-Length: 0, 45\r\n\r\n",
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n",
    "a length below nothing": POST + b"Content-Length: -1\r\n\r\n",
    "a length in sixteens": POST + b"Content-Length: 0x0\r\n\r\n",
    "no length": POST + b"Content-Length: \r\n\r\n",
    "a length that is too long": POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
    "a length that begins anew": POST + b"Content-Length: 18446744073709551616\r\n\r\n",
    "a blank before the colon": POST + b"Content-Length : 0\r\n\r\n",
    "pieces, and a blank": POST + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "pieces of another kind": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "no pieces": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "pieces in something": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "pieces, said twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "pieces behind a sign": POST + b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "pieces on the next line": POST + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "pieces in HTTP/1.0": POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a line that goes on": GET + b"X: y\r\n z\r\n\r\n",
    "a length in a line that goes on": POST + b"X: y\r\n Content-Length: 50\r\nContent-Length: 0\r\n\r\n",
    "lines without CR": b"GET /healthz HTTP/1.1\nHost: localhost\n\n",
    "one line without CR": GET + b"X: y\nContent-Length: 45\r\n\r\n",
    "the first line without CR": b"GET /healthz HTTP/1.1\nHost: localhost\r\n\r\n",
    "the last line without CR": GET + b"X: y\n\r\n",
    "the end without CR": POST + b"Content-Length: 0\r\n\n",
    "a line without CR, and a blank more": b"GET  /healthz HTTP/1.1\r\nHost: localhost\r\nX: y\n\r\n",
    "a CR in a line": GET + b"X: y\rContent-Length: 45\r\n\r\n",
    "a NUL in a line": GET + b"X: a\0b\r\n\r\n",
    "a NUL in the address": b"GET /health\0z HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a line without a colon": GET + b"Xyz\r\n\r\n",
    "no name": GET + b": y\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\nX: y\r\n\r\n",
    "a huge piece": POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    "a piece that begins anew": POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n",
    "a piece below nothing": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a piece with 0x": POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    "a piece that is longer": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\naX0\r\n\r\n",
    "a piece with a line in it": POST + b"Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n",
    "a body that nobody takes": GET + b"Content-Length: 45\r\n\r\n",
    "another version": b"GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a blank before it": b" GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a blank in the address": b"GET /heal thz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "900 lines": GET + b"".join(b"X%d: y\r\n" % i for i in range(900)) + b"\r\n",
}
# Answered once, and nothing after it on this connection.
ALONE = {
    "pieces that end without CR": POST + b"Transfer-Encoding: chunked\r\n\r\n0\n\n",
    "pieces with trailers": POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 40\r\n\r\n",
    "pieces with words": POST + b"Transfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n",
}
# Right, and so is what follows.
TAKEN = {
    "blanks": GET + b"X:y\r\nY: \t z \r\nZ:\r\n\r\n",
    "an empty line before it": b"\r\n" + GET + b"\r\n",
    "a length after a tab": POST + b"Content-Length:\t0\r\n\r\n",
}


def test_requests_that_hide_in_others(served, fault):
    for name, data in REFUSED.items():
        found, closed = say(served, data + OTHER)
        if len(found) > 1 or any(s == "?" or not 400 <= s < 600 for s in found) or not closed:
            fault("%s: %s%s" % (name, found, "" if closed else ", and goes on"))
    for name, data in ALONE.items():
        found, closed = say(served, data + OTHER)
        if len(found) != 1 or not closed:
            fault("%s: %s" % (name, found))
    for name, data in TAKEN.items():
        found, _ = say(served, data + GET + b"\r\n", 2)
        if len(found) != 2 or found[1] != 200:
            fault("%s: %s" % (name, found))
    lives(served, fault, "after them")


def test_addresses_of_other_servers(served, fault):
    """A request for a whole address, or for a way through, leads nowhere."""
    for line in (b"GET http://evil.example/healthz HTTP/1.1", b"GET http://localhost/healthz HTTP/1.1", b"CONNECT evil.example:443 HTTP/1.1",
                 b"OPTIONS * HTTP/1.1", b"GET //evil.example/ HTTP/1.1", b"GET /..//evil.example HTTP/1.1", b"TRACE / HTTP/1.1", b"DEBUG / HTTP/1.1"):
        found, _ = say(served, line + b"\r\nHost: localhost\r\nX-Secret: zq\r\n\r\n")
        if len(found) != 1 or not 400 <= found[0] < 500:
            fault("%s: %s" % (line.decode(), found))
    found, _ = say(served, b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    if found != [421]:
        fault("it goes by another name: %s" % found)


def test_many_requests_at_once_on_one_connection(served, fault):
    n = 300
    found, _ = say(served, (GET + b"\r\n") * n, n)
    if found != [200] * n:
        fault("of %d requests %d were answered" % (n, found.count(200)))
    body = b"code=1"
    found, _ = say(served, (POST + b"Content-Length: %d\r\n\r\n" % len(body) + body + GET + b"\r\n") * 20, 40)
    if len(found) != 40 or found[1::2] != [200] * 20:
        fault("bodies and heads are mixed up: %s" % found)


def tls_answer(served, words, version=None):
    """What a server that speaks TLS by itself answers, head and all."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if version:
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = context.maximum_version = version
    with context.wrap_socket(connect(served), server_hostname="localhost") as connection:
        connection.sendall(words)
        return rest(connection, 1)[0].decode()


def test_tls_by_the_server_itself(_, fault):
    served = Served.__new__(Served)
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    served.begin(sys.argv[1])
    try:
        pem = [served.folder.name + name for name in ("/cert.pem", "/key.pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                        "-days", "2", "-out", pem[0], "-keyout", pem[1]], check=True, capture_output=True)
        served.start("--certificate", pem[0], "--key", pem[1], "--url", "https://localhost:%d" % port, port=port)
        host = b"Host: localhost:%d\r\n" % port
        got = tls_answer(served, b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n")
        if "200 OK" not in got or "Strict-Transport-Security: max-age=31536000; includeSubDomains" not in got:
            fault("browsers are not told to come by TLS only: " + got)
        with open(served.folder.name + "/said", encoding="utf-8") as said:
            link = re.search(r"https://localhost:\d+(/link/\S+)", said.read()).group(1)
        owner = re.search(r'name="owner" value="([^"]+)"', tls_answer(served, b"GET " + link.encode() + b" HTTP/1.1\r\nAccept: text/html\r\n" + host + b"\r\n"))
        body = b"owner=%s&login=ann&password=four+plain+words+here&again=four+plain+words+here" % owner.group(1).replace("/", "%2F").encode()
        got = tls_answer(served, b"POST " + link.encode() + b" HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
                         + host + b"\r\n" + body)
        if not re.search(r"Set-Cookie: __Host-assay-session=[^;]{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure\r", got):
            fault("a cookie that may go elsewhere: " + got)
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            try:
                tls_answer(served, b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n", version)
                fault("%s is spoken" % version.name)
            except (ssl.SSLError, ConnectionError):
                pass
        if say(served, b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n")[0] not in ([], ["?"]):
            fault("an answer without TLS")
    finally:
        served.end()


# ---- clients that leave, or send too much ----

def leave(connection):
    """With a reset, as a client that crashed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def test_clients_that_leave_in_the_middle(served, fault):
    owner = served.people["one-ltd"]["owner"]
    cookie = b"Cookie: assay-session=" + owner.token.encode() + b"\r\nX-Assay-Token: " + owner.form.encode() + b"\r\n"
    page = b"GET /o/one-ltd/r/membership HTTP/1.1\r\nHost: localhost\r\n" + cookie + b"\r\n"
    upload = b"POST /o/one-ltd/r/evidence HTTP/1.1\r\nHost: localhost\r\n" + cookie + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n"
    kinds = (b"G", GET[:25], GET, page, page * 40, POST + b"Content-Length: 100\r\n\r\ncode=", upload, upload + b"x" * 3000000,
             POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nco")
    owner.get("/o/one-ltd/r/membership")
    for i in range(len(kinds) * (20 if LONG else 4)):
        connection = connect(served)
        try:
            connection.sendall(kinds[i % len(kinds)])
            time.sleep(0.003 * (i % 3))
        except ConnectionError:
            pass
        leave(connection)
    lives(served, fault, "after clients that left")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        said = served.nobody.get("/metrics").text
        busy = [int(re.search(r"^%s (\d+)" % name, said, re.M).group(1)) for name in ("assay_http_connections", "assay_http_working")]
        if busy[0] <= 1 + len(SLOW):
            break
        time.sleep(0.1)
    else:
        fault("connections are left: %s" % busy)
    left = [n for _, _, names in os.walk(served.home + "/run") for n in names]
    if left:
        fault("files are left: %s" % left)


def test_too_much(served, fault):
    owner = served.people["one-ltd"]["owner"]
    for name, data, allowed in (
            ("a long address", b"GET /" + b"a" * 8000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", {414}),
            ("a long head", GET + b"X: " + b"a" * 60000 + b"\r\n\r\n", {431}),
            ("a head without an end", GET + b"X: y\r\n" * 200000, {431, None}),
            ("a line without an end", b"GET /" + b"a" * 2000000, {414, 431, None}),
            ("a large form of nobody", POST + b"Content-Length: 70000\r\n\r\n" + b"a" * 70000, {413}),
            ("a form of many gigabytes", POST + b"Content-Length: 99999999999\r\n\r\n" + b"a" * 100000, {413}),
            ("pieces without an end", POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * 65535 + b"\r\n" + b"ffff\r\n" + b"a" * 65535, {413, None})):
        found, closed = say(served, data)
        if (found[0] if found else None) not in allowed or not closed:
            fault("%s: %s" % (name, found))
    got = owner.post("/o/one-ltd/r/risk", {"f.description": "a" * 5000000})
    if got.status != 413:
        fault("a form of 5 MB: %d" % got.status)
    got = owner.post("/o/one-ltd/r/risk", "&".join("a%d=" % i for i in range(5000)))
    if got.status != 413:
        fault("a form of 5,000 fields: %d" % got.status)
    got = owner.post("/o/one-ltd/r/risk", {"f.description": "\u202e" * 300000, "f.threat": "x" * 900000})
    if got.status not in (201, 413, 422):
        fault("a long text: %d" % got.status)
    lives(served, fault, "after too much")


# ---- clients that are slow: begun by the first case, looked at by the last ----

SLOW = {}


def begin_slow(served):
    owner = served.people["one-ltd"]["owner"]
    cookie = b"Cookie: assay-session=" + owner.token.encode() + b"\r\n"
    begun = {"a head, a line every second": GET, "nothing at all": b"", "half a line": b"GET /hea",
             "a body, a byte every second": POST + b"Content-Length: 1000\r\n\r\n", "a connection that was used": GET + b"\r\n"}
    if LONG:
        begun["a reader that reads nothing"] = (b"GET /o/one-ltd/openapi.json HTTP/1.1\r\nHost: localhost\r\n" + cookie + b"\r\n") * 40
    for name, data in begun.items():
        connection = socket.socket()
        if name.startswith("a reader"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(data)
        SLOW[name] = connection
    return time.monotonic()


def drip(until):
    """One more byte or line from those that send something; the names of those that were closed."""
    closed = {}
    while time.monotonic() < until and len(closed) < len(SLOW):
        for name, connection in SLOW.items():
            if name in closed:
                continue
            try:
                if "every second" in name:
                    connection.sendall(b"X: y\r\n" if "head" in name else b"a")
                if "reader" in name:
                    if not readable_end(connection):
                        continue
                    closed[name] = time.monotonic()
                    continue
                connection.settimeout(0.02)
                if connection.recv(65536) == b"":
                    closed[name] = time.monotonic()
            except TimeoutError:
                pass
            except OSError:
                closed[name] = time.monotonic()
        time.sleep(0.9)
    return closed


def readable_end(connection):
    """Whether the other end is gone, without reading what it sent."""
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0 or state(connection) not in (1,)


def state(connection):
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)[0]


def memory(served):
    with open("/proc/%d/smaps_rollup" % served.server.pid, encoding="ascii") as file:
        return int(re.search(r"^Rss:\s+(\d+)", file.read(), re.M).group(1)) // 1024


def wanted_idle():
    """10,000, or what the system lets be open."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return min(10000 if LONG else 1000, most - 200)


def test_many_that_say_nothing(served, fault):
    """They hold connections and no worker: others are answered meanwhile."""
    n, before = wanted_idle(), memory(served)
    began = time.monotonic()
    idle = []
    try:
        for i in range(n):
            connection = connect(served)
            if i % 3:
                connection.sendall(GET[:10 + i % 30])
            idle.append(connection)
        held, until = 0, time.monotonic() + 5
        while held < n and time.monotonic() < until:  # it takes a moment to accept them all
            held = int(re.search(r"^assay_http_connections (\d+)", served.nobody.get("/metrics").text, re.M).group(1))
        took = []
        owner = served.people["one-ltd"]["owner"]
        for i in range(40):
            at = time.monotonic()
            if owner.page("/o/one-ltd/r/person").status != 200:
                fault("somebody was not answered")
            took.append(time.monotonic() - at)
        if held < n and time.monotonic() - began < FIRST_S:
            fault("only %d of %d connections are held" % (held, n))
        if sorted(took)[20] > 1:
            fault("an answer takes %.2f s" % sorted(took)[20])
        grown = memory(served) - before
        print("    %d idle connections: %d MB more, a page in %.1f ms" % (held, grown, 1000 * sorted(took)[20]), file=sys.stderr)
        if grown > 20 + n * 40 // 1000:
            fault("%d connections take %d MB" % (n, grown))
    finally:
        for connection in idle:
            leave(connection)
    lives(served, fault, "after them")


def test_clients_that_are_slow_are_let_go(served, fault):
    began = begin_slow(served)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(drip, began + FIRST_S + (90 if LONG else 6))
        time.sleep(0.5)
        lives(served, fault, "beside slow clients")
        closed = waiting.result()
    for name in SLOW:
        if name not in closed:
            fault("%s: still there after %d s" % (name, time.monotonic() - began))
        elif closed[name] - began < 10:
            fault("%s: gone after %.1f s" % (name, closed[name] - began))
    for connection in SLOW.values():
        connection.close()
    SLOW.clear()
    late = re.search(r"^assay_http_late_total (\d+)", served.nobody.get("/metrics").text, re.M)
    if late and int(late.group(1)) < 3:
        fault("the server does not count them")


if __name__ == "__main__":
    sys.exit(run_cases(globals(), sys.argv[1], sys.argv[2:]))
