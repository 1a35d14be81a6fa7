"""Fills in the Markdown starters as a person would, with the passages that meet each criterion.

usage: starters.py fill STARTERS DIR     fills each starter of STARTERS in and writes it to DIR
       starters.py check RESULT.json     each criterion of each kind is met, by its own document

What is filled in are the passages beside the criteria (standards/*/documents), so that this shows that
a starter has a place for each criterion and that its headings stand in nobody's way.
"""
import json
import pathlib
import re
import sys

import yaml

DOCUMENTS = pathlib.Path("standards/iso27001-2022/documents")
# Lists whose lines are looked at one by one have tests of their own.
LISTS = {"DOC-SOA"}
# A record of operation is known by its lists, a sentence alone proves none.
WITH_TABLE = {"REC-OPS-01"}
FIXED = {
    "[name of the owner]": "Ada Sol, Security Manager",
    "[name and role of the approver]": "Tomasz Wilk, Chief Executive Officer",
    "[name of the organisation]": "Tarn Ltd",
}


def passages():
    """The first passage that meets each criterion, without a title of its own."""
    found = {}
    for path in DOCUMENTS.glob("*.yaml"):
        for criterion in yaml.safe_load(path.read_text())["criteria"]:
            tests = criterion.get("tests", {}).get("meets", [])
            if tests:
                found[criterion["id"]] = tests
    return found


def plain(tests, table=False):
    """The first without headings: these would take the place of the starter's own."""
    for text in tests if not table else []:
        if not re.search(r"^#", text, re.M):
            return text
    text = next(t for t in tests if not table or "|---" in t)
    return re.sub(r"^#+ ", "### ", text, flags=re.M)


def fill(source, target, meets):
    text = source.read_text()
    text = re.sub(r"^\*\*Draft\*\*\n", "", text)
    text = re.sub(r"^\[Here [^\]]*\]\n", "", text, flags=re.M)
    text = re.sub(r"^\|.*\[Enter .*\n", "", text, flags=re.M)
    text = text.replace("| **Status** | Draft |", "| **Status** | Approved |")
    text = text.replace("| **Approved on** | YYYY-MM-DD |", "| **Approved on** | 2026-09-01 |")
    text = text.replace("| **Next review** | YYYY-MM-DD |", "| **Next review** | 2027-09-01 |")
    text = text.replace("| 0.1 |", "| 1.0 |")
    for gap, words in FIXED.items():
        text = text.replace(gap, words)
    text = re.sub(r"\[[^\]]*\((\w+-\w+-\d+)\)\]", lambda m: plain(meets.get(m[1], ["It is so."]), m[1] in WITH_TABLE), text)
    target.write_text(text)


def main():
    if sys.argv[1] == "fill":
        meets = passages()
        for source in sorted(pathlib.Path(sys.argv[2]).glob("*/*.md")):
            fill(source, pathlib.Path(sys.argv[3]) / source.name, meets)
        return 0
    result = json.loads(pathlib.Path(sys.argv[2]).read_text())
    looked_for = passages()
    status = {c["criterion"]: c["status"] for c in result["criteria"] if c["criterion"] in looked_for}
    bad = [(c, s) for c, s in sorted(status.items()) if s != "met" and c.rsplit("-", 1)[0] not in LISTS]
    for criterion, state in bad:
        print(f"{criterion}: {state}")
    print(f"{len(status) - len(bad)} of {len(status)} met")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
