"""Runs a command on a terminal of its own and shows what it printed there.

usage: terminal.py [--columns N] [--html] COMMAND...

As it came (bytes, escape sequences), or with --html as a page that looks like the terminal. Used by
tests and for the pictures in docs/. Ends with the command's exit code.
"""
import argparse
import fcntl
import html
import os
import pty
import re
import struct
import sys
import termios

COLOURS = ["#20242b", "#e06c75", "#8ec07c", "#e5b567", "#6ca8e8", "#c58fe0", "#63c2c9", "#d6dae0"]
BRIGHT = ["#7d8694", "#ff8a92", "#a9dc94", "#ffd488", "#8cc2ff", "#dcaef5", "#86e0e6", "#ffffff"]
STYLE = """
body { margin: 0; background: #20242b; }
pre { margin: 0; padding: 22px 26px; color: #d6dae0; width: max-content;
      font: 15px/1.4 "DejaVu Sans Mono", monospace; }
b { font-weight: bold; color: #fff; } i { font-style: normal; color: #98a1ae; }
"""


def run(columns, command):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    data = b""
    try:
        while part := os.read(fd, 65536):
            data += part
    except OSError:  # how Linux tells that the other side is closed
        pass
    return data, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def style_of(codes):
    style, tags = [], []
    for code in codes:
        if code == 1:
            tags.append("b")
        elif code == 2:
            tags.append("i")
        elif code == 4:
            style.append("text-decoration:underline")
        elif code == 7:
            style.append("background:#d6dae0;color:#20242b")
        elif 30 <= code <= 37:
            style.append("color:" + COLOURS[code - 30])
        elif 90 <= code <= 97:
            style.append("color:" + BRIGHT[code - 90])
        elif 40 <= code <= 47:
            style.append("background:" + COLOURS[code - 40])
    return tags, ";".join(style)


def wrapped(text, codes):
    if not text:
        return ""
    tags, style = style_of(codes)
    text = html.escape(text)
    if style:
        text = f'<span style="{style}">{text}</span>'
    for tag in tags:
        text = f"<{tag}>{text}</{tag}>"
    return text


def page(data):
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    # A line that was written over shows its last state only.
    text = re.sub(r"[^\n]*\r", "", text)
    out, codes = [], []
    for part in re.split(r"(\x1b\[[0-9;]*[A-Za-z])", text):
        if not part.startswith("\x1b["):
            out.append(wrapped(part, codes))
        elif part.endswith("m"):
            for code in part[2:-1].split(";"):
                codes = codes + [int(code)] if code not in ("", "0") else []
    body = "".join(out).rstrip("\n")
    return f'<!doctype html>\n<meta charset="utf-8">\n<style>{STYLE}</style>\n<pre>{body}\n</pre>\n'


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=80)
    parser.add_argument("--html", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    data, code = run(args.columns, args.command)
    sys.stdout.buffer.write(page(data).encode() if args.html else data)
    return code


if __name__ == "__main__":
    sys.exit(main())
