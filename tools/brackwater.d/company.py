"""The folder: which document and register stands where and in which format, and the head of each document."""
import csv
import os

import office
import registers
import template
import view

HERE = os.path.dirname(os.path.abspath(__file__))

# document -> folder, file name, format
PLACES = {
    "D-SCOPE": ("1 Context and scope", "ISMS scope", "docx"),
    "D-X17": ("1 Context and scope", "Context and parties", "md"),
    "D-X05": ("1 Context and scope", "Legal and contract register", "docx"),
    "D-POL": ("2 Policies", "Information security policy", "pdf"),
    "D-X18": ("2 Policies", "Roles", "md"),
    "D-AUP": ("2 Policies", "Acceptable use", "docx"),
    "D-ACC": ("2 Policies", "Access control", "md"),
    "D-BCK": ("2 Policies", "Backup policy", "md"),
    "D-RM": ("3 Risk", "Risk method", "docx"),
    "D-RTP": ("3 Risk", "Risk treatment plan", "docx"),
    "D-OBJ": ("4 Objectives and measurement", "Objectives 2026", "docx"),
    "D-X23": ("4 Objectives and measurement", "Measurement plan", "md"),
    "D-X21": ("6 People", "Competence matrix", "md"),
    "D-X22": ("6 People", "Awareness plan", "md"),
    "D-X07": ("6 People", "Confidentiality agreement template", "docx"),
    "D-X08": ("6 People", "Employment terms template", "docx"),
    "D-AUDP": ("7 Audit and review", "Internal audit programme 2026-2028", "docx"),
    "D-X24": ("7 Audit and review", "Corrective-action procedure", "md"),
    "D-X01": ("5 Procedures", "Asset register rules", "md"),
    "D-X02": ("5 Procedures", "Information transfer", "md"),
    "D-X03": ("5 Procedures", "Evidence collection", "md"),
    "D-X04": ("5 Procedures", "Continuity and ICT readiness", "pdf"),
    "D-X06": ("5 Procedures", "Run books", "md"),
    "D-X09": ("5 Procedures", "Remote working", "md"),
    "D-X10": ("5 Procedures", "Physical zones and entry", "pdf"),
    "D-X11": ("5 Procedures", "Configuration baselines", "md"),
    "D-X12": ("5 Procedures", "Vulnerability and patch procedure", "md"),
    "D-X13": ("5 Procedures", "Logging and monitoring", "md"),
    "D-X14": ("5 Procedures", "Cryptography and keys", "md"),
    "D-X15": ("5 Procedures", "Retention and deletion", "md"),
    "D-X16": ("5 Procedures", "Classification and labelling", "md"),
    "D-X19": ("5 Procedures", "Communication plan", "md"),
    "D-X20": ("5 Procedures", "Document control", "md"),
    "D-X25": ("5 Procedures", "Endpoint, password, clear desk", "md"),
    "D-INC": ("5 Procedures", "Incident plan", "docx"),
    "D-CHG": ("5 Procedures", "Change procedure", "md"),
    "D-SUP": ("5 Procedures", "Supplier procedure", "md"),
    "D-SDLC": ("5 Procedures", "Secure development rules", "md"),
}
RETENTION = {"R3Y": "three years after replacement"}


def author_of(seen, document):
    helper = seen.drafted_by(document["id"])
    return seen.who(document.get("author")) + (", with %s" % helper if helper else "")


def head_rows(seen, document):
    """Document control as pairs; what the data do not say has no line."""
    rows = [
        ("Document", document["id"]),
        ("Version", document.get("version")),
        ("Status", (document.get("status") or "").capitalize()),
        ("Author", author_of(seen, document)),
        ("Approved by", seen.who(document.get("approver"))),
        ("Approved on", document.get("approved_at")),
        ("Author approves because", document.get("approver_is_author_justification")),
        ("Valid from", document.get("effective_at")),
        ("Next review", document.get("next_review")),
        ("Classification", document.get("classification")),
        ("Kept for", RETENTION.get(document.get("retention"), document.get("retention"))),
    ]
    return [(label, value) for label, value in rows if value]


def head(seen, document):
    lines = ["| %s | %s |" % row for row in head_rows(seen, document)]
    return "| Document control | |\n|---|---|\n%s\n" % "\n".join(lines)


def history(seen, document):
    if not document.get("version"):
        return ""
    return ("\n## Document history\n\n| Version | Date | Author | Change |\n|---|---|---|---|\n"
            "| %s | %s | %s | this version |\n" % (document["version"], document.get("approved_at") or "",
                                                   seen.name(document.get("author"))))


def body(seen, document, names):
    """The text of a document, or nothing where no template is kept for it."""
    path = os.path.join(HERE, "documents", document["id"] + ".md")
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as source:
        text = source.read()
    own = dict(document, approver_who=seen.who(document.get("approver")))
    own.setdefault("approved_at", None)
    sections = ("purpose", "objectives", "commit_requirements", "commit_improvement", "external_availability",
                "treatment")
    given = document.get("sections") or {}
    own["sections"] = {key: given.get(key) for key in sections}
    return template.fill(text, dict(names, doc=own))


def put(folder, name, kind, text):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "%s.%s" % (name, kind))
    if kind == "docx":
        office.docx(path, text)
    elif kind == "pdf":
        office.pdf(path, text)
    else:
        with open(path, "w", encoding="utf-8", newline="\n") as target:
            target.write(text)


def put_csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        for row in rows:
            writer.writerow(["" if v is None else ("yes" if v else "no") if isinstance(v, bool) else v for v in row])


def write(data, folder, form):
    seen = view.View(data)
    names = seen.templates()
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as source:
        put(folder, "README", "md", template.fill(source.read(), names))
    for document in seen.rows("documents"):
        if document["id"] == "D-SOA":
            continue
        where, name, kind = PLACES.get(document["id"], ("5 Procedures", document["title"], "md"))
        text = "# %s\n\n%s\n%s%s" % (document["title"], head(seen, document), body(seen, document, names),
                                     history(seen, document))
        put(os.path.join(folder, where), name, kind if form == "mixed" else form, text)
    for where, name, kind, content in registers.all_of(seen, head_rows):
        if name == "Statement of Applicability" and "D-SOA" not in seen.documents:
            continue
        place = os.path.join(folder, where)
        os.makedirs(place, exist_ok=True)
        if kind == "xlsx":
            office.xlsx(os.path.join(place, name + ".xlsx"), content)
        elif kind == "csv":
            put_csv(os.path.join(place, name + ".csv"), content)
        else:
            put(place, name, kind if form == "mixed" else form, content)
