"""A mail server that keeps what it gets: sink.py FOLDER CERTIFICATE KEY.

Each mail becomes FOLDER/N.eml. The ports stand in FOLDER/ports: tls (TLS at once, login), starttls
(login after it), plain (no TLS). Who gets it decides: later@ is refused for now, refused@ for good,
broken@ loses the connection after the message, slow@ gets no answer to it.
"""

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, certificate, key = sys.argv[1:4]


class Keeper:
    n = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later@"):
            return "451 4.3.0 Not now, \x1b[31mplease"
        if address.startswith("refused@"):
            return "550 5.1.1 Nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        Keeper.n += 1
        path = f"{folder}/{Keeper.n}.eml"
        with open(path + ".new", "wb") as file:
            file.write(b"X-To: " + ",".join(envelope.rcpt_tos).encode() + b"\r\n")
            file.write(b"X-From: " + envelope.mail_from.encode() + b"\r\n" + envelope.content)
        os.rename(path + ".new", path)
        if envelope.rcpt_tos[0].startswith("broken@"):
            server.transport.abort()
        if envelope.rcpt_tos[0].startswith("slow@"):
            await asyncio.sleep(120)
        return "250 Taken"


def login(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"isms", b"a secret = word")
    return AuthResult(success=right, handled=False)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    keeper = Keeper()
    who = {"authenticator": login, "auth_required": True}
    kinds = {
        "tls": (lambda: SMTP(keeper, auth_require_tls=False, **who), context),
        "starttls": (lambda: SMTP(keeper, tls_context=context, require_starttls=True, **who), None),
        "plain": (lambda: SMTP(keeper), None),
    }
    loop = asyncio.get_running_loop()
    with open(f"{folder}/ports.new", "w") as file:
        for name, (make, tls) in kinds.items():
            server = await loop.create_server(make, "0.0.0.0", 0, ssl=tls)
            file.write(f"{name} {server.sockets[0].getsockname()[1]}\n")
    os.rename(f"{folder}/ports.new", f"{folder}/ports")
    await asyncio.sleep(600)


asyncio.run(main())
