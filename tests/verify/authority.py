"""A time stamp authority of one's own, by `openssl ts`: for tests.

usage: authority.py FOLDER         makes keys in FOLDER (ca.pem is who to trust), and answers at a port of 127.0.0.1, which it
                                   writes to FOLDER/url; until it is ended
"""
import http.server
import os
import subprocess
import sys
import time

CONFIG = """
[req]
distinguished_name = dn
[dn]
[ext]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = one
[one]
serial = %(folder)s/serial
signer_cert = %(folder)s/tsa.pem
signer_key = %(folder)s/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        with open(self.path("ts.cnf"), "w", encoding="utf-8") as out:
            out.write(CONFIG % {"folder": folder})
        with open(self.path("serial"), "w", encoding="utf-8") as out:
            out.write("01\n")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Example CA", "-days", "3650")
        self.openssl("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Example time", "-config", "ts.cnf")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "3650", "-extfile", "ts.cnf", "-extensions", "ext",
                     "-out", "tsa.pem", "-CAcreateserial")

    def path(self, name):
        return os.path.join(self.folder, name)

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, cwd=self.folder, capture_output=True)

    def reply(self, query):
        with open(self.path("query"), "wb") as out:
            out.write(query)
        self.openssl("ts", "-reply", "-config", "ts.cnf", "-queryfile", "query", "-out", "reply")
        with open(self.path("reply"), "rb") as got:
            return got.read()

    def stamp(self, data):
        with open(self.path("data"), "wb") as out:
            out.write(data)
        self.openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "asked")
        with open(self.path("asked"), "rb") as got:
            return self.reply(got.read())


def serve(authority):
    """At / it stamps; elsewhere it does what no authority should: see the paths."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            right = self.headers["Content-Type"] == "application/timestamp-query"
            query = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/slow":
                time.sleep(3600)
            status, kind, body = 200 if right else 415, "application/timestamp-reply", b""
            if not right:
                pass
            elif self.path == "/refuses":
                body = authority.reply(query.replace(bytes([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]), bytes([0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 9])))
            elif self.path == "/another":
                body = authority.stamp(b"something else")
            elif self.path == "/large":
                body = authority.reply(query) + b"\0" * 1000000
            elif self.path == "/garbage":
                body = b"\x30\x84\xff\xff\xff\xff" + query
            elif self.path == "/page":
                kind, body = "text/html", b"<h1>Sign in first</h1>"
            elif self.path == "/away":
                status = 302
            elif self.path == "/ill":
                status = 503
            else:
                body = authority.reply(query)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                pass  # of a reply that is too large

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with open(authority.path("url.new"), "w", encoding="utf-8") as out:
        out.write("http://127.0.0.1:%d/" % server.server_port)
    os.rename(authority.path("url.new"), authority.path("url"))
    server.serve_forever()


if __name__ == "__main__":
    serve(Authority(os.path.abspath(sys.argv[1])))
