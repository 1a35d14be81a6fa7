"""Holds an HTML report against what it promises: whole, self-contained, without script.

usage: page.py FILE     Prints one line a fault; ends with 1 where there is one.
"""
import html.parser
import re
import sys

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Elements whose end may be left out.
OPEN = {"li", "p", "td", "th", "tr", "thead", "tbody", "dt", "dd", "option", "html", "body", "head"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.ids, self.faults, self.targets = [], set(), [], []
        self.seen = set()

    def fault(self, text):
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        names = dict(attrs)
        if tag in {"script", "iframe", "object", "embed", "base", "form"}:
            self.fault(f"<{tag}>")
        for name, value in attrs:
            value = value or ""
            if name.startswith("on"):
                self.fault(f"{tag} has {name}")
            if name in {"src", "href", "action", "data", "poster", "srcset"}:
                if value.startswith("#"):
                    self.targets.append(value[1:])
                elif not value.startswith("data:"):
                    self.fault(f"{tag} {name}={value[:60]}")
        if "id" in names:
            if names["id"] in self.ids:
                self.fault(f"id {names['id']} twice")
            self.ids.add(names["id"])
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        while self.stack and self.stack[-1] != tag and self.stack[-1] in OPEN:
            self.stack.pop()
        if not self.stack or self.stack[-1] != tag:
            self.fault(f"</{tag}> closes {self.stack[-1] if self.stack else 'nothing'}")
        else:
            self.stack.pop()


def main(name):
    text = open(name, encoding="utf-8").read()
    page = Page()
    page.feed(text)
    page.close()
    if not text.lower().startswith("<!doctype html>"):
        page.faults.append("no doctype")
    if [tag for tag in page.stack if tag not in OPEN]:
        page.faults.append(f"not closed: {page.stack}")
    for tag in ("html", "head", "title", "body", "main", "h1"):
        if tag not in page.seen:
            page.faults.append(f"no <{tag}>")
    for target in page.targets:
        if target and target not in page.ids:
            page.faults.append(f"nothing has the id {target}")
    if not re.search(r'<html[^>]* lang="', text):
        page.faults.append("no language")
    for wanted in ("prefers-color-scheme", "@media print"):
        if wanted not in text:
            page.faults.append(f"no {wanted}")
    if re.search(r"url\((?!['\"]?(data:|#))|@import", text):
        page.faults.append("the style loads something")
    for fault in page.faults:
        print(f"{name}: {fault}")
    return 1 if page.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
