"""Every finding's title and statement of a result stands in each report, in the result's order.
usage: same.py RESULT.json REPORT..."""
import json
import re
import sys
import xml.etree.ElementTree as tree
import zipfile


def text_of(path):
    if path.endswith(".docx"):
        return words(zipfile.ZipFile(path).read("word/document.xml"))
    if path.endswith(".xlsx"):
        package = zipfile.ZipFile(path)
        return "".join(words(package.read(n)) for n in sorted(package.namelist())
                       if n.startswith("xl/worksheets/sheet"))
    return open(path, encoding="utf-8").read()


def words(xml):
    return " ".join(e.text or "" for e in tree.fromstring(xml).iter() if e.tag.endswith("}t"))


def plain(text):
    return re.sub(r"[^0-9A-Za-z\u00c0-\uffff]+", "", text.replace("\\", ""))


result = json.load(open(sys.argv[1], encoding="utf-8"))
wrong = []
for path in sys.argv[2:]:
    text, at = plain(text_of(path)), 0
    for finding in result["findings"]:
        title = plain(finding["title"])
        found = text.find(title, at)
        if found < 0:
            wrong.append(f"{path}: not there, or not in order: {finding['title']}")
            continue
        # A page may turn within the statement; its beginning must stand right behind.
        begin = plain(finding["statement"])[:30]
        if text.find(begin, found) - found > len(title) + 400:
            wrong.append(f"{path}: without its statement: {finding['title']}")
        at = found
print("\n".join(wrong))
sys.exit(bool(wrong))
