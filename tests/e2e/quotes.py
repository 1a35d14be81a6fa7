"""Every quote of a result must stand in the document that it names.

usage: quotes.py RESULT.json FOLDER     Markdown and text only: the words of each quote must
all stand in the file, but for those of a file's properties. Prints one line a fault.
"""
import html
import json
import pathlib
import re
import sys
import unicodedata


def words(text):
    text = unicodedata.normalize("NFKC", html.unescape(text))
    return re.findall(r"\w+", text.lower())


def quotes(part, path=None):
    """Every (path, quote) below a value; a nearest passage counts too."""
    if isinstance(part, dict):
        if part.get("quote") and part.get("path"):
            yield part["path"], part["quote"]
        for value in part.values():
            yield from quotes(value)
    elif isinstance(part, list):
        for value in part:
            yield from quotes(value)


def main(result, folder):
    result = json.load(open(result, encoding="utf-8"))
    texts, bad, seen = {}, 0, 0
    for path, quote in quotes(result):
        if not path.lower().endswith((".md", ".txt")):
            continue
        if path not in texts:
            source = (pathlib.Path(folder) / path).read_text(encoding="utf-8", errors="replace")
            source = re.sub(r"\]\([^)]*\)|</?[a-zA-Z][^>]*>", " ", source)  # targets of links, tags
            texts[path] = set(words(source))
        seen += 1
        missing = [word for word in words(quote) if word not in texts[path]]
        if len(missing) > max(1, len(words(quote)) // 10):
            print(f"{path}: \"{quote[:120]}\": {missing[:6]}")
            bad += 1
    print(f"{seen} quotes, {bad} not found")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
