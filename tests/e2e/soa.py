#!/usr/bin/python3
"""Statements of Applicability in the shapes that people give them, and what must be read from them.

usage: soa.py make FOLDER            a folder for each shape
       soa.py check RESULT.json SHAPE

All shapes say the same of the 93 controls, except `earlier` (114 by the numbers of 2013) and `faulty`.
"""
import csv
import html
import json
import pathlib
import sys
import zipfile

import yaml

STANDARD = pathlib.Path(__file__).resolve().parent.parent.parent / "standards/iso27001-2022/controls.yaml"
CONTROLS = yaml.safe_load(STANDARD.read_text())["controls"]
WORDS = {"implemented": ("Implemented", "in place", "done"), "partly": ("Partially implemented", "in progress", "partly"),
         "planned": ("Planned", "planned for Q4", "scheduled")}
THEMES = {"5": "Organizational controls", "6": "People controls", "7": "Physical controls", "8": "Technological controls"}


def decision(i):
    """(applies, reason, status, where) of control i."""
    if i % 31 == 29:
        return False, f"Nothing of this kind is done here (case {i})", None, ""
    return True, f"Risk R-{i % 17 + 1}", ("implemented", "implemented", "partly", "planned")[i % 4], f"Handbook, chapter {i % 9 + 1}"


def lines():
    for i, control in enumerate(CONTROLS):
        yield (i, control) + decision(i)


def number(control, fraction=False):
    """What a spreadsheet makes of the number: 5.10 is 5.1, and some are sixteen digits long."""
    value = float(control["number"])
    text = repr(value)
    return text.replace(".2", ".2000000000000002") if fraction and text.endswith(".2") else text


def head(title):
    return f"{title}\n\nVersion 1.0, approved by Vera Holm, managing director, on 3 March 2026\n"


def write_csv(path, rows, delimiter=","):
    with open(path, "w", newline="") as f:
        csv.writer(f, delimiter=delimiter).writerows(rows)


def write_xlsx(path, rows):
    """Numbers are float, texts inline; None is no cell."""
    out = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, value in enumerate(row):
            at = f"{chr(65 + c)}{r}"
            if isinstance(value, tuple):
                cells.append(f'<c r="{at}"><v>{value[0]}</v></c>')
            elif value not in (None, ""):
                cells.append(f'<c r="{at}" t="inlineStr"><is><t>{html.escape(value)}</t></is></c>')
        if cells:
            out.append(f'<row r="{r}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="SoA" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(out)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(name, text)


def write_docx(path, blocks):
    """Blocks are ("h", text), ("p", text) or ("t", rows)."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = []
    for kind, what in blocks:
        if kind == "t":
            rows = "".join("<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{html.escape(c)}</w:t></w:r></w:p></w:tc>" for c in row) + "</w:tr>" for row in what)
            body.append(f"<w:tbl>{rows}</w:tbl>")
        else:
            style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if kind == "h" else ""
            body.append(f"<w:p>{style}<w:r><w:t>{html.escape(what)}</w:t></w:r></w:p>")
    package = "http://schemas.openxmlformats.org/package/2006"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                   '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                   '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        z.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="word/document.xml"/></Relationships>')
        z.writestr("word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{"".join(body)}</w:body></w:document>')


def numbers(folder):
    """Numbers as numbers under a title and particulars; groups; controls of their own at the end."""
    rows = [["Statement of Applicability"], ["Version", (1.0,), "Approved by", "Vera Holm, managing director", "Date", "2026-03-03"], [],
            ["Ref", "Control", "Included?", "Justification", "Progress", "Document"]]
    theme = None
    for i, control, applies, reason, status, where in lines():
        if control["number"][0] != theme:
            theme = control["number"][0]
            rows.append([THEMES[theme]])
        rows.append([(number(control, i % 2 == 1),), control["title"], "Y" if applies else "N", reason,
                     WORDS[status][i % 3] if status else "N/A", where])
    rows += [["Own controls"], ["WX-1", "Weighing of every truck", "Y", "Risk R-3", "Implemented", "Gate book"]]
    write_xlsx(folder / "SoA.xlsx", rows)


def bare(folder):
    """Without the letter, columns in an order of their own, semicolons, other words."""
    rows = [["In charge", "Where it is written", "State", "Applies to us", "Why / why not", "Title", "Annex A"]]
    for i, control, applies, reason, status, where in lines():
        rows.append(["IT", where, WORDS[status][(i + 1) % 3] if status else "-", "yes" if applies else "not applicable", reason,
                     control["title"].replace(" and ", " & ").lower(), control["number"]])
    write_csv(folder / "statement of applicability.csv", rows, ";")


def pieces(folder):
    """A table for each theme, its heading above it; number and title in one cell."""
    blocks = [("h", "Statement of Applicability")] + [("p", p) for p in head("").split("\n") if p]
    for digit, theme in THEMES.items():
        rows = [["Control", "Applicable", "Reason for inclusion", "Reason for exclusion", "Implementation status"]]
        for i, control, applies, reason, status, where in lines():
            if control["number"][0] == digit:
                rows.append([f'{control["id"]} {control["title"]}', "✓" if applies else "✗", reason if applies else "",
                             "" if applies else reason, WORDS[status][i % 3] if status else ""])
        blocks += [("h", theme), ("t", rows)]
    write_docx(folder / "Applicability of controls.docx", blocks)


def marks(folder):
    """Two rows of headings, crosses instead of words, headings again on every page."""
    top = "<tr><th colspan=2>Control</th><th colspan=2>Selected</th><th colspan=2>Reasons for selection</th><th rowspan=2>Status</th><th rowspan=2>Remarks</th></tr>"
    sub = "<tr><th>No.</th><th>Name</th><th>Yes</th><th>No</th><th>LR</th><th>RRA</th></tr>"
    rows = []
    for i, control, applies, reason, status, where in lines():
        if i % 30 == 0:
            rows.append(top + sub)
        cells = [control["id"], control["title"], "x" if applies else "", "" if applies else "x", "", "X" if applies else "",
                 WORDS[status][i % 3] if status else "", "" if applies else reason]
        rows.append("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in cells) + "</tr>")
    (folder / "soa.html").write_text(f"<html><head><title>Statement of Applicability</title></head><body><h1>Statement of Applicability</h1><p>{head('')}</p><table>{''.join(rows)}</table></body></html>")


def markdown(folder):
    """Numbers in another spelling, decisions in sentences."""
    out = [f"# {head('Statement of Applicability')}", "| ISO 27001 | What | Applicable? | Implemented | Owner |", "|---|---|---|---|---|"]
    for i, control, applies, reason, status, where in lines():
        said = f"Yes, because of {reason}" if applies else f"No. {reason}"
        out.append(f'| Annex A {control["number"]} | {control["title"]} | {said} | {WORDS[status][i % 3] if status else "–"} | IT |')
    (folder / "soa.md").write_text("\n".join(out) + "\n")


def records(folder):
    """A heading for each control, with lines below it."""
    out = [f"# {head('Statement of Applicability')}"]
    for i, control, applies, reason, status, where in lines():
        out += [f'## {control["id"]} {control["title"]}', "", f'- **Applicable:** {"Yes" if applies else "No"}', f"- **Justification:** {reason}"]
        out += [f"- **Status:** {WORDS[status][i % 3]}", f"- **Where:** {where}"] if status else []
        out.append("")
    (folder / "Statement of Applicability.md").write_text("\n".join(out))


def earlier(folder):
    """By the numbers of 2013, with the headings of their groups."""
    old = sorted({x for c in CONTROLS for x in c["iso27001_2013"]}, key=lambda x: [int(n) for n in x[2:].split(".")])
    rows, group = [["Control", "Title", "Applicable", "Justification", "Implementation status"]], None
    for i, control in enumerate(old):
        if control.rsplit(".", 1)[0] != group:
            group = control.rsplit(".", 1)[0]
            rows.append([group, f"Objective {group}", "", "", ""])
        rows.append([control, f"Control {control}", "No" if control == "A.14.2.7" else "Yes",
                     "Nobody outside writes code for us" if control == "A.14.2.7" else f"Risk R-{i}", "Implemented"])
    write_csv(folder / "Statement of Applicability.csv", rows)


def faulty(folder):
    """One fault of each kind."""
    rows = [["Control", "Title", "Applicable", "Justification", "Status", "Reference"]]
    for i, control, applies, reason, status, where in lines():
        row = [control["id"], control["title"], "Yes" if applies else "No", reason, WORDS[status][0] if status else "", where]
        if control["id"] in ("A.5.6", "A.6.4"):
            continue
        if control["id"] == "A.5.7":
            row[2] = ""
        if control["id"] == "A.5.12":
            row[3] = ""
        if control["id"] == "A.5.13":
            row[4] = ""
        if control["id"] == "A.5.14":
            row[1] = "Access rights"
        if control["id"] == "A.7.4":
            row[2:5] = ["No", "Not relevant", ""]
        rows.append(row)
        if control["id"] == "A.8.6":
            rows.append([control["id"], control["title"], "No", "Never too little of anything", "", ""])
        if control["id"] == "A.8.9":
            rows.append(row)
    write_csv(folder / "Statement of Applicability.csv", rows)


SHAPES = {f.__name__: f for f in (numbers, bare, pieces, marks, markdown, records, earlier, faulty)}


def faults_of_lines(result):
    for (i, control, applies, reason, status, where), got in zip(lines(), result["controls"]):
        line = got["line"] or {}
        if (got["applicable"], line.get("status")) != (applies, status):
            yield f'{control["id"]}: {got["applicable"]} {line.get("status")} ({line.get("status_said")}), not {applies} {status}'
        elif not line.get("reason"):
            yield f'{control["id"]}: no reason was read'
        elif not applies and got["status"] != "not-applicable":
            yield f'{control["id"]}: {got["status"]}, though it is left out with a reason'


def findings(result):
    return {f["rule"]: f for f in result["findings"] if f["requirement"].startswith("C6.1.3") and f["rule"].startswith("soa")}


def faults(result, shape):
    found = findings(result)
    if shape == "earlier":
        draft = result["carried_over"] or {"lines": 0, "controls": []}
        by_id = {c["id"]: c for c in draft["controls"]}
        if set(found) != {"soa-old-numbering"}:
            yield f"findings: {sorted(found)}"
        if (draft["lines"], sum(c["new"] for c in draft["controls"]), len(by_id)) != (114, 11, 93):
            yield f'carried over: {draft["lines"]} lines'
        elif by_id["A.8.30"]["applicable"] is not False or by_id["A.5.1"]["reason"] != "Risk R-0; Risk R-1":
            yield f'carried over: {by_id["A.8.30"]}, {by_id["A.5.1"]}'
        elif any(c["applicable"] is not None for c in result["controls"]):
            yield "controls of this edition are taken as decided"
        return
    if result["carried_over"] is not None:
        yield "something was carried over"
    if shape != "faulty":
        yield from faults_of_lines(result)
        # Where no other document is, all that controls ask for is one finding.
        if set(found) - {"soa-undocumented"}:
            yield f'findings: {[(f["rule"], f["statement"]) for f in found.values()]}'
        return
    wanted = {"soa-incomplete": "A.5.6, A.6.4", "soa-lines-undecided": "A.5.7", "soa-lines-reasons": "A.5.12", "soa-lines-status": "A.5.13",
              "soa-titles": "A.5.14 (Access rights)", "soa-lines-exclusions": 'A.7.4 ("Not relevant")', "soa-decided-twice": "A.8.6", "soa-duplicates": "A.8.9"}
    for rule, says in wanted.items():
        if rule not in found or says not in found[rule]["statement"]:
            yield f'{rule}: {found.get(rule, {}).get("statement")}'
    at = {c["id"]: c for c in result["controls"]}
    if at["A.7.4"]["findings"] != [found["soa-lines-exclusions"]["id"]] or at["A.7.4"]["status"] != "cannot-tell":
        yield f'A.7.4: {at["A.7.4"]}'
    if any(f["stage1"] == "AOC-BLOCK" for f in found.values()):
        yield "a fault of single lines blocks"


def main(words):
    if words[0] == "make":
        for name, make in SHAPES.items():
            folder = pathlib.Path(words[1]) / name
            folder.mkdir(parents=True)
            make(folder)
        return 0
    found = list(faults(json.loads(pathlib.Path(words[1]).read_text()), words[2]))
    print("\n".join(found[:20]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
