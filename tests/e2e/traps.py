"""Documents as people really keep them: one file for each trap, and what must be made of it.

traps.py FOLDER         writes the files
traps.py --check JSON   compares the result over that folder, prints what is not so and the counts

What criteria make of words (scales, owners that are departments, guards) is tried beside the criteria
themselves (assay-signals); tables within a sheet and sixteen digits in tests/extract/xlsx.c.
"""
import html
import io
import json
import os
import sys
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MC = ('xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
      'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
      'xmlns:v="urn:schemas-microsoft-com:vml"')


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            z.writestr(name, content)
    return out.getvalue()


def para(text, style=None):
    props = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{props}<w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r></w:p>'


def table(rows):
    grid = "<w:gridCol/>" * max(map(len, rows))
    return (f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>"
            + "".join("<w:tr>" + "".join(f"<w:tc>{para(c)}</w:tc>" for c in row) + "</w:tr>" for row in rows)
            + "</w:tbl>")


def docx(*body, **parts):
    files = {"word/document.xml": f"<w:document {W} {MC}><w:body>{''.join(body)}</w:body></w:document>",
             "word/styles.xml": f'<w:styles {W}><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>'
             '</w:style><w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style></w:styles>'}
    if "footer" in parts:
        files["word/footer1.xml"] = f"<w:ftr {W}>{para(parts['footer'])}</w:ftr>"
        files["word/_rels/document.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>'
            "</Relationships>")
    if "title" in parts:
        files["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{parts["title"]}</dc:title></cp:coreProperties>')
    return packed(files)


def box(text):
    inner = f"<w:txbxContent>{para(text)}</w:txbxContent>"
    return (f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{inner}</wps:txbx></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>")


def column(n):
    name = ""
    n += 1
    while n:
        n, rest = divmod(n - 1, 26)
        name = chr(65 + rest) + name
    return name


def xlsx(rows, extra="", dimension="", sheet="Sheet1"):
    """Rows by number: {1: {0: "text", 1: 5.2}}."""
    data = ""
    for number, cells in rows.items():
        data += f'<row r="{number}">'
        for at, value in cells.items():
            name = f"{column(at)}{number}"
            data += (f'<c r="{name}"><v>{value!r}</v></c>' if isinstance(value, float) else
                     f'<c r="{name}" s="1"/>' if value is None else
                     f'<c r="{name}" t="inlineStr"><is><t>{html.escape(value)}</t></is></c>')
        data += "</row>"
    return packed({"xl/workbook.xml": f'<workbook {S}><sheets><sheet name="{sheet}"/></sheets><definedNames>'
                   "<definedName name=\"gone\">#REF!</definedName></definedNames></workbook>",
                   "xl/worksheets/sheet1.xml": f"<worksheet {S}>{dimension}<sheetData>{data}</sheetData>{extra}</worksheet>"})


def register(first, header, *rows, step=1):
    """A header at row `first` and rows below it."""
    out = {first: dict(enumerate(header))}
    for i, row in enumerate(rows):
        out[first + (i + 1) * step] = dict(enumerate(row))
    return out


RISKS = ("Risk ID", "Risk description", "Likelihood", "Impact", "Risk owner", "Treatment")
MORE = [(f"R-{i:02}", text, "2", "4", owner, "Reduce") for i, (text, owner) in enumerate((
    ("Ransomware encrypts the file server", "Ann Lee"), ("A supplier of hosting fails", "Bob Roy"),
    ("An administrator leaves with passwords", "Ann Lee"), ("Backups cannot be restored", "Bob Roy")), 3)]
FIRE = ("R-01", "Fire destroys the server room", "3", "4", "Ann Lee", "Second site")
THEFT = ("R-02", "A laptop with customer data is stolen", "4", "3", "Bob Roy", "Encrypt disks")
SCOPE = ("The information security management system covers the development and operation of the payment "
         "service at the Oslo site, with its interfaces to the data centre and to the bank.")
POLICY = ("Top management is committed to information security. The objectives are set every year. All staff "
          "must follow this policy. The policy is reviewed at least annually.")


RULES = "".join(f"\n\n## {topic}\n\n{text}" for topic, text in (
    ("Mail", "Company mail must not be forwarded to private accounts. Attachments from strangers are not opened."),
    ("Devices", "Every laptop is encrypted and locks itself after five minutes. A lost device is reported within an hour."),
    ("Passwords", "Passwords have at least fourteen characters and must not be shared. A second factor is used for remote access."),
    ("Internet", "Staff may use the internet for private purposes in breaks. Downloads of software need the consent of IT."),
    ("Reports", "Whoever sees an event that may harm information reports it to the service desk at once."),
    ("Breaches", "Breaches of this policy are dealt with under the disciplinary process.")))


def whole(title="Information security policy"):
    return docx(para(title, "T"), para("Purpose", "H1"), para(POLICY))


def pdf(text, title):
    """A page with these lines on it, and a title among its properties."""
    lines = "".join(f"BT /F1 {24 if i == 0 else 11} Tf 72 {700 - 24 * i} Td ({line}) Tj ET\n" for i, line in enumerate(text))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
               f"<< /Length {len(lines)} >>\nstream\n{lines}\nendstream", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               f"<< /Title ({title}) >>"]
    out, places = "%PDF-1.4\n", []
    for i, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{i} 0 obj\n{body}\nendobj\n"
    return (out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{p:010} 00000 n \n" for p in places)
            + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(out)}\n%%EOF\n").encode()


def zip64(files):
    """An archive whose members say their sizes in the long form."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in files.items():
            with z.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(content.encode())
    return out.getvalue()


def slides(*texts):
    """A deck: a title and a line of text for each slide."""
    p = ('xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
         'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
         'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')
    files = {"ppt/presentation.xml": f"<p:presentation {p}><p:sldIdLst>"
             + "".join(f'<p:sldId id="{256 + i}" r:id="s{i}"/>' for i in range(len(texts))) + "</p:sldIdLst></p:presentation>",
             "ppt/_rels/presentation.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
             + "".join(f'<Relationship Id="s{i}" Type="http://x/slide" Target="slides/slide{i}.xml"/>' for i in range(len(texts)))
             + "</Relationships>"}
    for i, (title, *lines) in enumerate(texts):
        def shape(ph, paras):
            return (f"<p:sp><p:nvSpPr><p:nvPr>{ph}</p:nvPr></p:nvSpPr><p:txBody>"
                    + "".join(f"<a:p><a:r><a:t>{html.escape(t)}</a:t></a:r></a:p>" for t in paras) + "</p:txBody></p:sp>")
        files[f"ppt/slides/slide{i}.xml"] = (f"<p:sld {p}><p:cSld><p:spTree>" + shape('<p:ph type="title"/>', [title])
                                             + shape('<p:ph idx="1"/>', lines) + "</p:spTree></p:cSld></p:sld>")
    return packed(files)


def kinds(d):
    return [k["kind"] for k in d["kinds"]]


# Name, content, what must hold of the document `d` (`s` its line where it was skipped), and of the whole result `r`.
CASES = [
    # --- files and titles ---
    ("Register of risks.xlsx.xlsx", xlsx(register(1, RISKS, FIRE, THEFT)),
     "a double extension", lambda d, s, r: d["format"] == "xlsx" and d["nature"] == "register"),
    ("Spaced name .docx", whole("Spaced policy"), "a space before the extension",
     lambda d, s, r: d["format"] == "docx" and d["title"] == "Spaced policy"),
    ("Health & safety of the r\u00e9seau \u4fe1\u606f.md", "# Network policy\n\n" + POLICY, "& and other letters in a name",
     lambda d, s, r: d["title"] == "Network policy"),
    ("Cut off.docx", whole("Cut policy")[:-120], "a DOCX cut off in its directory",
     lambda d, s, r: d["title"] == "Cut policy" and "cut off" in d["error"]),
    ("backup plan 2019.docx", docx(para("Acceptable use policy", "T"), para(POLICY)), "title and name disagree",
     lambda d, s, r: d["title"] == "Acceptable use policy"),
    ("untitled property.docx", docx(para("Supplier policy", "T"), para(POLICY), title="Untitled"), "a title that says nothing",
     lambda d, s, r: d["title"] == "Supplier policy"),
    ("box.docx", docx(box("Information security policy of Nordwind"), para("1. Purpose", "H1"), para(POLICY)),
     "a title in a text box only, stored twice", lambda d, s, r: d["title"] == "Information security policy of Nordwind"),
    ("runs.docx", docx('<w:p><w:pPr><w:pStyle w:val="T"/></w:pPr><w:r><w:t>Crypto</w:t></w:r><w:r><w:t xml:space="preserve">'
                       'graphy pol</w:t></w:r><w:r><w:t>icy</w:t></w:r></w:p>', para(POLICY)), "a title split into runs",
     lambda d, s, r: d["title"] == "Cryptography policy"),
    ("readme.md", "# ISMS toolkit\n\nThis repository holds templates. Clone this repository, then see the folder structure. "
     "It includes the internal audit report and the management review minutes. Getting started is easy.\n",
     "a README that claims documents", lambda d, s, r: not kinds(d)),
    ("same.md", "# Clear desk policy\n\nDesks are cleared every evening. Screens are locked.\n", "a policy in one format", lambda d, s, r: True),
    ("same.docx", docx(para("Clear desk policy", "T"), para("Desks are cleared every evening. Screens are locked.")),
     "the same in another is no older version", lambda d, s, r: "another version" not in (d.get("error") or "")),
    ("Access_control_policy_template.md", "# Access control policy\n\nOwner: Ann Lee\n\n" + POLICY + RULES,
     "a template by name that is full text", lambda d, s, r: not d["is_template"]),
    ("incident_tracker.xlsx", xlsx({1: dict(enumerate(("Incident ID", "Date", "Description", "Severity", "Owner", "Closed")))}),
     "a tracker that is empty", lambda d, s, r: d["passages"] <= 2),
    ("gap assessment.md", "# Gap assessment against ISO 27001\n\n| Clause | Finding | Recommendation |\n|---|---|---|\n"
     "| Internal audit | No audit was held | Hold an internal audit |\n| Management review | None | Review the ISMS yearly |\n",
     "a gap assessment is no audit", lambda d, s, r: not {"REC-AUD", "REC-MR"} & set(kinds(d))),
    ("how to write.md", "# How to write an information security policy\n\nIn this guide you can adapt this template. Your auditor will "
     "want to see that the CEO approved the policy on 3 March 2026. Auditors often ask for minutes. Delete this note.\n\n" + POLICY,
     "advice is no policy", lambda d, s, r: not kinds(d) and not d["approved_on"]),
    ("model answers.md", "# Frequently asked questions\n\nQ: Who approved the policy?\n\nA: The CEO approved the policy in March.\n",
     "questions and answers", lambda d, s, r: not kinds(d)),
    ("link page.html", "<html><head><title>ISMS</title></head><body><h1>ISMS</h1><ul>" + "".join(
        f'<li><a href="{n}.html">{n}</a></li>' for n in ("Access policy", "Risk register", "Internal audit report 2026",
                                                         "Management review minutes", "Statement of Applicability"))
     + "</ul></body></html>", "an index that claims documents", lambda d, s, r: d["nature"] == "index" and not kinds(d)),
    # --- templates ---
    ("brackets.md", "# Information security policy\n\n[company name] is committed to information security. The CEO of "
     "[company name], [CEO name], approves it on [date]. Owner: [owner]\n\n" + POLICY, "placeholders in brackets",
     lambda d, s, r: d["owner"] in (None, "")),
    ("angles.html", "<html><body><h1>Information security policy</h1><p>&lt;Business Name&gt; keeps information safe.</p>"
     "<p>Owner: &lt;Owner&gt;</p><p>" + POLICY + "</p></body></html>", "placeholders in angles", lambda d, s, r: not d["owner"]),
    ("angles.md", "# Information security policy\n\n<Business Name> keeps information safe.\n\nOwner: <Policy Owner>\n\n" + POLICY,
     "angles that are no tags", lambda d, s, r: not d["owner"]),
    ("underscores.md", "# Information security policy\n\nVersion: ____\n\nApproved by: ____________\n\nDate: YYYY-MM-DD\n\n" + POLICY,
     "lines to fill in", lambda d, s, r: not d["version"] and not d["approved_by"] and not d["approved_on"]),
    ("choice.md", "# Information security policy\n\nStatus: Draft / Approved\n\nVersion:\n\n" + POLICY, "a choice not made",
     lambda d, s, r: d["status"] != "approved" and not d["version"]),
    ("footer.docx", docx(para("Information security policy", "T"), para(POLICY), footer="Version: [x.x] Approved by: [name]"),
     "a placeholder in the footer only", lambda d, s, r: not d["version"] and not d["approved_by"]),
    ("no placeholders.md", "# Leaver checklist\n\nOwner: Ann Lee\n\nClassification: [CONFIDENTIAL]\n\n- [ ] Badge returned\n"
     "- [x] Account closed\n\nAccess ends within [2] business days. See [the policy](policy.md) and `[code]`.\n\n" + POLICY,
     "what is no placeholder", lambda d, s, r: d["owner"] == "Ann Lee" and not d["is_template"]),
    ("acknowledgement.md", "# Acceptable use policy\n\nOwner: Ann Lee\n\nVersion: 2.0\n\n## Rules\n\n" + POLICY +
     RULES + "\n\n## Acknowledgement\n\n"
     "Name: ________\n\nSignature: ________\n\nDate: ________\n", "a blank form at the end",
     lambda d, s, r: not d["is_template"] and d["version"] == "2.0"),
    ("two to sign.md", "# Visitor rules\n\nOwner: Ann Lee\n\nVersion: 2.0\n\n## Rules\n\n" + POLICY + RULES +
     "\n\n## Signed\n\n" + "".join(f"**{who}:**\n\n" + "".join(f"{line}: ____________\n\n" for line in
                                                                  ("Name", "Signature", "Date", "Place")) for who in
                                   ("Head of the Hall", "Owner of the Rules", "Chair")), "lines to sign on for three people",
     lambda d, s, r: not d["is_template"]),
    ("one name throughout.md", "# Information security policy\n\nOwner: {{POLICY_OWNER}}\n\nApproved by: {{SPONSOR}}\n\n" +
     "\n\n".join(f"{{{{COMPANY_NAME}}}} does this: {p}" for p in (POLICY, RULES, POLICY, RULES, POLICY, RULES)),
     "complete but for names", lambda d, s, r: not d["is_template"] and not d["owner"]),
    ("masked number.md", "# Scan report\n\nOwner: Ann Lee\n\nThe scan found CVE-2023-XXXX.\n\n" + POLICY + RULES,
     "a masked number is no placeholder", lambda d, s, r: not d["is_template"]),
    ("accepted.md", "# Risk acceptance\n\nAccepted by: [CEO]\n\nStatus: Approved\n\nApproved by: [CEO]\n", "an approval by nobody",
     lambda d, s, r: not d["approved_by"]),
    ("double underscores.md", "# Information security policy\n\nOwner: __Policy Owner__\n\n__Organization Name__ keeps information "
     "safe. xxxxx is reviewed in Q+1.\n\nVersion: x.x\n\nApplies: Y / N\n\n" + POLICY, "names in double underscores",
     lambda d, s, r: not d["version"]),
    ("district.docx", docx(para("Information security policy", "T"), para("(District/Organization) keeps information safe."),
                           para("Approved by: (Superintendent/Board)"), para(POLICY)), "alternatives in brackets",
     lambda d, s, r: not d["approved_on"]),
    ("citations.md", "# Legal register\n\nOwner: Ann Lee\n\nWe follow Regulation (EU) 2016/679, 45 CFR 164.308(a)(1)(ii)(A), section [3] of "
     "the act and `<config>` as in [the law](https://example.org/a_b).\n\n" + POLICY, "citations are no placeholders",
     lambda d, s, r: not d["is_template"] and d["owner"] == "Ann Lee"),
    ("form.docx", docx(para("Visitor form", "T"), table([("Name:", "________"), ("Company:", "________"), ("Date:", "DD/MM/YYYY"),
                                                         ("Signature:", "________")])), "a blank form",
     lambda d, s, r: d["is_template"] and not kinds(d)),
    # --- dates, versions, people ---
    ("laws.md", "# Legal register\n\n| Law | Date |\n|---|---|\n| Regulation (EU) 2016/679 of 27 April 2016 | 27 April 2016 |\n"
     "| Data Protection Act 2018 | 23 May 2018 |\n", "dates of laws", lambda d, s, r: not d["approved_on"] and not d["review_due"]),
    ("versions.md", "# Server baseline\n\nOwner: Ann Lee\n\nVersion: 1.4\n\nServers run Debian version 12.5. The CIS benchmark "
     "version 2.0.0 applies, CVSS version 3.1 rates weaknesses, CVE-2021-44228 is closed.\n\n```\ndate -d 2019-01-01\n```\n",
     "versions of other things", lambda d, s, r: d["version"] == "1.4" and not d["approved_on"]),
    ("updated.md", "# Access policy\n\nLast updated: 3 March 2026\n\nEffective date: 1 April 2026\n\n" + POLICY,
     "updated is not approved", lambda d, s, r: not d["approved_on"]),
    ("annually.md", "# Access policy\n\nReview: annually\n\nApproved on: 03.04.2026\n\n" + POLICY, "annually is no date",
     lambda d, s, r: not d["review_due"] and d["approved_on"] == "2026-04-03"),
    ("month.md", "# Access policy\n\nNext review: March 2027\n\n" + POLICY, "a month alone",
     lambda d, s, r: d["review_due"] in (None, "2027-03-31", "2027-03-01")),
    ("day first.md", "# Access policy\n\nApproved on: 31/12/2025\n\n" + POLICY, "a date as d/m/y",
     lambda d, s, r: d["approved_on"] == "2025-12-31"),
    ("sample rows.md", "# Change log form\n\n| Version | Approved on |\n|---|---|\n| Example: 1.0 | Example: 2020-01-01 |\n",
     "dates in sample rows", lambda d, s, r: not d["approved_on"]),
    # --- tables and spreadsheets ---
    ("numbers.xlsx", xlsx(register(1, ("Control", "Title", "Applicable", "Justification"),
                                   (5.2, "Information security roles and responsibilities", "Yes", "Needed"),
                                   (5.2000000000000002, "Addressing information security within supplier agreements", "Yes", "Needed"),
                                   (8.1, "Use of privileged utility programs", "No", "None are used"))),
     "control numbers as numbers", lambda d, s, r: d["nature"] == "register"),
    ("low header.xlsx", xlsx({1: {0: "Risk register"}, 2: {0: "Version", 1: "1.1"}, **register(6, RISKS, FIRE, THEFT, *MORE)}, sheet="Risk register"),
     "a header that is not in row 1", lambda d, s, r: "REC-RA" in kinds(d)),
    ("group rows.xlsx", xlsx({1: {0: "Identification", 2: "Rating", 4: "Treatment"}, **register(2, RISKS, FIRE, THEFT, *MORE)},
                             '<mergeCells count="3"><mergeCell ref="A1:B1"/><mergeCell ref="C1:D1"/><mergeCell ref="E1:F1"/></mergeCells>', sheet="Risk register"),
     "a header below merged groups", lambda d, s, r: "REC-RA" in kinds(d)),
    ("groups between.xlsx", xlsx({1: dict(enumerate(RISKS)), 2: {0: "Buildings"}, 3: dict(enumerate(FIRE)), 4: {0: "Devices"},
                                  5: dict(enumerate(THEFT)), 6: dict(enumerate(RISKS)), **register(7, MORE[0], *MORE[1:])}, sheet="Risk register"),
     "groups and repeated headers between rows", lambda d, s, r: "REC-RA" in kinds(d)),
    ("twice.xlsx", xlsx(register(1, ("Risk ID", "Risk description", "Rating", "Treatment", "Rating", "Owner"),
                                 ("R-01", "Fire", "High", "Second site", "Low", "Ann"))), "two columns of one name",
     lambda d, s, r: d["passages"] > 0),
    ("control at the end.docx", docx(para("Scope of the ISMS", "T"), para(SCOPE), para("Document control", "H1"),
                                     table([("Owner", "Ann Lee"), ("Version", "3.2"), ("Approved by", "Bob Roy, CEO"),
                                            ("Approval date", "2026-02-03")])), "document control at the end",
     lambda d, s, r: d["version"] == "3.2" and d["owner"] == "Ann Lee" and d["approved_on"] == "2026-02-03"),
    ("following cells.xlsx", xlsx({1: {0: "Document owner", 2: "Ann Lee"}, 2: {0: "Version", 2: "1.3"},
                                   **register(5, RISKS, FIRE, THEFT)}), "values in following cells",
     lambda d, s, r: d["version"] == "1.3" and d["owner"] == "Ann Lee"),
    ("two paragraphs.docx", docx(para("Access policy", "T"), para("Document owner:"), para("Ann Lee"), para("Version:"), para("2.1"),
                                 para(POLICY)), "label and value in two paragraphs",
     lambda d, s, r: d["owner"] == "Ann Lee" and d["version"] == "2.1"),
    ("columns.xlsx", xlsx({1: {i: f"Column{i + 1}" for i in range(6)}, **register(2, RISKS, FIRE, THEFT, *MORE)},
                          '<autoFilter ref="A1:F4"/>', sheet="Risk register"), "columns that a program named", lambda d, s, r: "REC-RA" in kinds(d)),
    ("wide.xlsx", xlsx({1: {i: f"C{i}" if i > 5 else RISKS[i] for i in range(16000)}, 2: dict(enumerate(FIRE))},
                       dimension='<dimension ref="A1:XFD1048576"/>'), "a sheet of 16,000 columns",
     lambda d, s, r: "columns after" in d["error"]),
    ("bordered.xlsx", xlsx({**register(1, RISKS, FIRE, THEFT), **{n: dict.fromkeys(range(6)) for n in range(4, 900)}}),
     "bordered empty rows", lambda d, s, r: d["passages"] < 10),
    ("huge cell.xlsx", xlsx(register(1, RISKS, ("R-01", "Fire " * 20000, "3", "4", "Ann", "Stop"))), "a cell of 100,000 letters",
     lambda d, s, r: "cut after" in d["error"]),
    ("no pipes.md", "# Risk register\n\n" + " | ".join(RISKS) + "\n" + "|".join(["---"] * 6) + "\n" + " | ".join(FIRE) + "\n"
     + " | ".join(THEFT) + "\n", "a table without outer pipes", lambda d, s, r: "REC-RA" in kinds(d)),
    ("pipes in code.md", "# Jobs\n\n| Job | Command | Owner |\n|---|---|---|\n| Count | `ps \\| wc -l` | Ann |\n\n```\n# Not a heading\n"
     "Owner: Nobody\n```\n\n" + POLICY, "pipes in code, a fence with a heading", lambda d, s, r: d["title"] == "Jobs" and d["owner"] != "Nobody"),
    ("cell too many.md", "# Risk register\n\n| " + " | ".join(RISKS) + " |\n|" + "---|" * 6 + "\n| " + " | ".join(FIRE)
     + " | too many |\n| " + " | ".join(THEFT) + " |\n| | | | | | |\n| | | | | | |\n", "a cell too many, blank rows",
     lambda d, s, r: "REC-RA" in kinds(d)),
    ("risk register export.csv", "\ufeff" + ";".join(RISKS) + "\r\n" + ";".join(FIRE) + "\r\n" + "\r\n".join(";".join(row) for row in (THEFT, *MORE)) + "\r\n;;;;;\r\n",
     "semicolons, a mark, a trailing row", lambda d, s, r: "REC-RA" in kinds(d)),
    # --- who and what it is about ---
    ("Acme policy (received 2026-05).md", "# Information security policy of Acme Hosting Ltd\n\nThe board of Acme Hosting Ltd is committed to "
     "information security.\n\nApproved by: Zoe Ash, CEO of Acme Hosting Ltd\n\nApproved on: 2026-02-01\n\n" + POLICY,
     "a policy that a supplier sent", lambda d, s, r: not kinds(d)),
    ("audit policy.md", "# Audit policy\n\nEvent logs record logins, failed logins and changes of rights. Audit logs are kept for a year, "
     "protected against change and reviewed each week by the administrator.\n", "an audit policy that is about logs",
     lambda d, s, r: "DOC-LOG" in kinds(d) and not {"DOC-AUDPROG", "REC-AUD"} & set(kinds(d))),
    ("data policy.md", "# Data policy\n\nThe ledger database is backed up every night to a second site. Backups are encrypted and kept for 90 "
     "days. A restore is tested each quarter.\n", "a data policy that is about backups", lambda d, s, r: "DOC-BACKUP" in kinds(d)),
    ("risk assessment form.docx", docx(para("Risk assessment of a change", "T"), table([("Change:", "________"), ("Risk:", "________"),
                                                                                        ("Rating:", "H / M / L"), ("Signed:", "________")])),
     "a risk assessment that is a form for one change", lambda d, s, r: "REC-RA" not in kinds(d)),
    ("project charter.md", "# Charter of the ISMS project\n\n## Scope\n\nThe project covers the gap assessment, the writing of documents and the "
     "training of staff by December. Out of scope of the project are buildings.\n\n## Risks\n\nThe budget may not last: likely, high.\n\n"
     "## Roles\n\nSponsor: Ann Lee. Project lead: Bob Roy.\n", "a project's scope, risks and roles",
     lambda d, s, r: not {"DOC-SCOPE", "REC-RA"} & set(kinds(d))),
    ("evidence guide.md", "# Evidence guide for auditors\n\nFor each control the guide names what the auditor will want to see: for backups the "
     "logs, for access the reviews. Evidence is collected before the audit and kept in the audit folder.\n",
     "a guide to evidence is no procedure for evidence", lambda d, s, r: "DOC-EVID" not in kinds(d)),
    ("customer contract.md", "# Contract between Nordwind Ltd and Fjell AS\n\nNordwind provides the booking service. The customer pays monthly. Both "
     "parties keep secret what they learn of each other. Nordwind must report breaches to the customer within 24 hours.\n",
     "a customer's contract is no supplier rule", lambda d, s, r: "DOC-SUP" not in kinds(d)),
    # --- templates ---
    ("audit report form.md", "# Internal audit report\n\nDate: [date]\n\nLead auditor: [name]\n\nScope: [scope]\n\n## Conclusion\n\nThe ISMS conforms "
     "to the standard and is effective. No major nonconformities were found in [area] by [auditor].\n\n| Finding | Clause | Grade |\n|---|---|---|\n"
     "| [finding] | [clause] | [grade] |\n", "a conclusion that was written before the audit",
     lambda d, s, r: d["is_template"] or not kinds(d)),
    # --- dates and people ---
    ("biannual.md", "# Access policy\n\nReview: bi-annual\n\nApproved on: 2026-04-03\n\n" + POLICY, "bi-annual gives no day",
     lambda d, s, r: not d["review_due"] and d["approved_on"] == "2026-04-03"),
    ("two owners.md", "# Network rules\n\nOwner: Ann Lee and Bob Roy\n\nVersion: 1.0\n\n" + POLICY, "two people for one role",
     lambda d, s, r: "Ann Lee" in d["owner"] and "Bob Roy" in d["owner"]),
    ("signed below.docx", docx(para("Clear desk policy", "T"), para(POLICY + RULES), para("Approval", "H1"),
                               table([("Name", "Role", "Signature", "Date"), ("Ann Lee", "CEO", "A. Lee", "2026-03-01")])),
     "a block of signatures that is filled", lambda d, s, r: not d["is_template"] and d["approved_on"] == "2026-03-01"),
    # --- tables ---
    ("split.docx", docx(para("Risk register", "T"), table([RISKS, FIRE, THEFT]), para("Continued", "H1"), table([RISKS, *MORE])),
     "a register in two tables", lambda d, s, r: "REC-RA" in kinds(d)),
    ("pasted.txt", "Risk register\n\n" + "\n".join("\t".join(row) for row in (RISKS, FIRE, THEFT, *MORE)) + "\n", "a table pasted with tabs",
     lambda d, s, r: "REC-RA" in kinds(d)),
    ("dashes.md", "# Risk register\n\n" + "  ".join(h.ljust(40) for h in RISKS).rstrip() + "\n" + "  ".join("-" * 40 for _ in RISKS) + "\n"
     + "\n".join("  ".join(c.ljust(40) for c in row).rstrip() for row in (FIRE, THEFT, *MORE)) + "\n", "a table drawn with dashes",
     lambda d, s, r: "REC-RA" in kinds(d)),
    ("corrective actions", "ID,Nonconformity,Root cause,Corrective action,Owner,Due,Status,Effectiveness\nCA-1,\"Reviews late, twice\",No reminder,"
     "Reminder set,Ann Lee,2026-03-01,Closed,Checked in May\nCA-2,Badge not returned,No list,List made,Bob Roy,2026-04-01,Open,-\n",
     "a table without a type", lambda d, s, r: d["format"] == "csv" and "REC-NC" in kinds(d)),
    # --- formats ---
    ("printed.pdf", pdf(["Supplier policy", "Every supplier is assessed before it is used.", "Contracts contain security clauses."],
                        "Microsoft Word - pol3_final.doc"), "a PDF whose properties say Word",
     lambda d, s, r: d["title"] == "Supplier policy"),
    ("training.pptx", slides(("Security awareness training 2026", "All staff and contractors are trained at hire and each year"),
                             ("Phishing", "Report strange mails within the hour", "A test is sent each quarter")), "slides",
     lambda d, s, r: d["format"] == "pptx" and "PRA-AWARE" in kinds(d)),
    ("RE policy approved.txt", "From: Ann Lee\nSent: Monday, 2 March 2026 10:11\nTo: All staff\nSubject: RE: Information security policy\n\n"
     "I read it.\n\n-----Original Message-----\nFrom: Bob Roy\nSent: Friday, 27 February 2026\nSubject: Information security policy\n\n" + POLICY
     + "\n", "a mail saved as text, with a policy quoted below", lambda d, s, r: d["format"] == "eml" and not kinds(d)),
    ("Statement of applicability in words.md", "# Statement of Applicability\n\n" + "".join(
        f"### A.5.{i} {title}\n\nApplicable: Yes\n\nJustification: Risk R-0{i}\n\nStatus: Implemented\n\n" for i, title in enumerate((
            "Policies for information security", "Information security roles and responsibilities", "Segregation of duties"), 1)),
     "a Statement of Applicability without a table", lambda d, s, r: "DOC-SOA" in kinds(d)),
    ("Internal audit programme 2026.md", "# Internal audit programme 2026\n\n| | Q1 | Q2 | Q3 | Q4 |\n|---|---|---|---|---|\n| Area | Clauses 4-5 | "
     "Clauses 6-7 | Clauses 8-9 | A.5, A.8 |\n| Auditor | Ann Lee | Bob Roy | Ann Lee | Bob Roy |\n| Method | Interviews | Samples | Interviews | "
     "Samples |\n\nNobody audits their own work.\n", "a programme with quarters as columns", lambda d, s, r: "DOC-AUDPROG" in kinds(d)),
    ("lines to sign.docx", docx(para("Visitor rules of the hall", "T"), para("Owner: Ann Lee"), *[para(t) for t in (POLICY + RULES).split("\n\n")],
                                para("Signed", "H1"), *[para(f"{t}: ____________") for _ in range(3) for t in ("Name", "Signature", "Date")]),
     "lines to sign on in a DOCX", lambda d, s, r: not d["is_template"]),
    ("table to sign.docx", docx(para("Visitor rules of the shop", "T"), para("Owner: Ann Lee"), *[para(t) for t in (POLICY + RULES).split("\n\n")],
                                para("Approval", "H1"), table([("Name", "Role", "Signature", "Date"), ("________", "Head", "________", "__/__/____"),
                                                               ("", "Chair", "", "")])), "a table to sign in",
     lambda d, s, r: not d["is_template"] and not d["approved_on"]),
    ("long.zip/backup policy.md", zip64({"backup policy.md": "# Backup policy\n\nThe ledger is backed up every night. Copies are encrypted and kept "
                                         "for 90 days. A restore is tested each quarter.\n"}), "an archive with sizes in the long form",
     lambda d, s, r: "DOC-BACKUP" in kinds(d)),
]


def write(folder):
    for name, content, _, _ in CASES:
        with open(os.path.join(folder, name.split("/")[0]), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())


def check(path):
    with open(path, encoding="utf-8") as f:
        r = json.load(f)
    docs = {d["path"]: d for d in r["documents"]}
    skipped = {s["path"]: s for s in r["skipped"]}
    failed = 0
    for name, _, what, holds in CASES:
        d = docs.get(name)
        try:
            good = d is not None and holds(d, skipped.get(name), r)
        except (KeyError, TypeError) as error:
            good, what = False, f"{what} ({error!r})"
        if not good:
            failed += 1
            shown = {k: d[k] for k in ("title", "nature", "version", "status", "owner", "approved_by", "approved_on",
                                       "review_due", "is_template", "passages", "error") if d.get(k)} if d else skipped.get(name)
            print(f"{what}: {name}: {shown} {kinds(d) if d else ''}")
    return failed


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        bad = check(sys.argv[2])
        print(f"{len(CASES) - bad} of {len(CASES)} traps")
        sys.exit(1 if bad else 0)
    write(sys.argv[1])
