"""The registers and records, with the headings that a company would give them."""
import re

import reports

RISK = "3 Risk"
PEOPLE = "6 People"
AUDIT = "7 Audit and review"
MEASURE = "4 Objectives and measurement"
RECORDS = "8 Records"


def table(rows, *columns):
    """A heading row and one row for each item; a column is (heading, key or function)."""
    out = [[heading for heading, _ in columns]]
    for row in rows:
        out.append([joined(get(row) if callable(get) else row.get(get)) for _, get in columns])
    return out


def joined(value):
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    return value


def titled(title, rows, *lines):
    """A sheet as people keep it: title, a line or two, then the table."""
    return [[title]] + [[line] for line in lines] + [[]] + rows


def assessments(seen):
    method = seen.data.get("risk_method") or {}
    months = (method.get("performing") or {}).get("interval_months")

    def due(a):
        if not months or a.get("trigger") != "planned" or not a.get("date"):
            return ""
        year, month, day = (int(p) for p in a["date"].split("-"))
        month += int(months) - 1
        return "%04d-%02d-%02d" % (year + month // 12, month % 12 + 1, min(day, 28))

    rows = table(seen.rows("assessments"), ("Assessment", "id"), ("Date", "date"),
                 ("Method version", lambda a: "Risk method %s" % a["method_version"] if a.get("method_version") else ""),
                 ("Reason", "trigger"), ("Scope", "scope"), ("Participants", lambda a: seen.names(a.get("participants"))),
                 ("Frozen copy (SHA-256)", "snapshot_sha256"), ("Next assessment", due))
    return titled("Risk assessments", rows, "The state of the register at each assessment is frozen: a signed copy lies in "
                  "the archive and is not changed any more.")


def risk_rows(seen):
    method = seen.data.get("risk_method") or {}
    steps = {kind: {s["step"]: s.get("definition") for s in method.get(kind + "_scale") or []}
             for kind in ("consequence", "likelihood")}
    assets = {}
    for thing in seen.rows("assets") + seen.rows("suppliers"):
        for risk in thing.get("risk_ids") or []:
            assets.setdefault(risk, []).append(thing["name"])

    def why(r):
        said = [steps["consequence"].get(r.get("consequence")), steps["likelihood"].get(r.get("likelihood"))]
        return "; ".join(s for s in said if s)

    def exception(r):
        given = r.get("exception") or {}
        said = [seen.who(given.get("authorised_by")), "on %s" % given["at"] if given.get("at") else "",
                "until %s" % given["until"] if given.get("until") else ""]
        return ": ".join(p for p in (" ".join(w for w in said if w), given.get("reason") or "") if p)

    return table(
        seen.rows("risks"), ("No.", "id"), ("Found in", "assessment_id"), ("Risk", "description"),
        ("C / I / A", "property"), ("Process", "process"),
        ("Assets and suppliers", lambda r: assets.get(r["id"], [])),
        ("Risk owner", lambda r: seen.name(r.get("owner_id"))),
        ("Impact (1-5)", "consequence"), ("Prob. (1-5)", "likelihood"), ("Why this rating", why), ("Level", "level"),
        ("Evaluation (accept / treat)", "evaluation"), ("Rank", "priority"), ("Treatment", "treatment"), ("Controls", "control_ids"),
        ("Residual impact", "residual_consequence"), ("Residual prob.", "residual_likelihood"),
        ("Residual level", "residual_level"), ("Accepted by", lambda r: seen.name(r.get("residual_accepted_by"))),
        ("Accepted on", "residual_accepted_at"), ("Exception authorised", exception))


def isms_risk_rows(seen):
    rows = [dict(r, **{"a_" + k: v for k, v in a.items()}) for r in seen.rows("isms_risks")
            for a in r.get("actions") or [{}]]
    return table(rows, ("No.", "id"), ("Risk or opportunity", "kind"), ("What", "text"), ("From issue", "issue"),
                 ("Action", "a_text"), ("In which ISMS process", lambda r: seen.process(r.get("a_process")) or ""),
                 ("Done on", "a_done_at"), ("Effect evaluated on", "a_effect_evaluated_at"))


def soa(seen, head_rows):
    document = seen.documents.get("D-SOA")
    soa_of = seen.data.get("soa") or {}
    cover = [["Statement of Applicability"], [seen.org_name()], []]
    cover += [list(row) for row in head_rows(seen, document)] if document else [["Version", soa_of.get("version")]]
    if soa_of.get("date"):
        cover.append(["Date of this statement", soa_of["date"]])
    own = [e["control_id"] for e in seen.rows("soa_entries") if e.get("source") != "annexA"]
    cover += [[], ["How to read it"],
              ["Every control of Annex A of ISO/IEC 27001:2022 has one line with the decision whether it applies, why, and whether "
               "it is implemented. The lines were made from the risk register and the treatment plan and then compared with "
               "Annex A."],
              ["Controls from other sources: %s." % ", ".join(own) if own else
               "No further controls from other sources were found necessary besides those of Annex A."]]

    def reason(e):
        codes = {"baseline": "business", "risk": "risk", "law": "law", "contract": "contract"}
        return ", ".join(codes.get(c, c) for c in e.get("reason_codes") or [])

    def how(e):
        kept = seen.controls.get(e["control_id"])
        if not e.get("implemented_how") or not kept or not kept["how"]:
            return e.get("implemented_how") or ""
        documents = ", ".join(seen.title(d) for d in kept["documents"] if d in seen.documents)
        return "%s%s" % (kept["how"], " (%s)" % documents if documents else "")

    lines = table(
        seen.rows("soa_entries"), ("Control", "control_id"),
        ("Title", lambda e: (seen.controls.get(e["control_id"]) or {}).get("title") or e.get("title") or ""),
        ("Applicable", "applicable"), ("Reason type", reason), ("Justification", "justification"), ("Risks treated", "risk_ids"),
        ("Status", "status"), ("How it is implemented", how), ("Evidence", "evidence_ids"), ("Planned for", "target_date"))
    return [("Cover", cover), ("Controls", lines)]


def change_rows(seen):
    merges = {}
    for merge in (seen.data.get("forge") or {}).get("merges") or []:
        merges.setdefault(merge.get("change_id"), []).append(merge)
    first = {change: rows[0] for change, rows in merges.items()}
    changes = [dict(c, m=first.get(c["id"], {})) for c in seen.rows("change_requests")]
    known = {c["id"] for c in changes}
    rest = [{"id": m.get("change_id") or "", "m": m} for rows in merges.values() for m in rows
            if m is not first.get(m.get("change_id")) or m.get("change_id") not in known]

    def what(c):
        return "merge %s into %s" % (c["m"].get("id"), c["m"].get("repo")) if c["m"] else "change without a merge"

    return table(
        changes + rest, ("Change", "id"), ("Description", what), ("Kind", "kind"),
        ("Requested by", lambda c: seen.name(c["m"].get("author"))), ("Approved by", lambda c: seen.name(c.get("approved_by"))),
        ("Approved on", "approved_at"), ("Tested", "tested"), ("Rollback ready", "rollback"),
        ("Merge approved by", lambda c: seen.names(c["m"].get("approvers"))),
        ("Live since", lambda c: c["m"].get("deployed_at")), ("Review", "review"))


def capa_rows(seen):
    rows = []
    for c in seen.rows("capas"):
        for n, action in enumerate(c.get("actions") or [{}]):
            check = c.get("effectiveness_check") or {}
            rows.append(dict(c if n == 0 else {"id": c["id"]}, action=action, check=check if n == 0 else {}))
    return table(
        rows, ("No.", "id"), ("Source", "source"), ("Requirement", lambda c: reports.AGAINST.get(c["id"], c.get("requirement"))),
        ("Nonconformity", "statement"), ("Correction", "correction"), ("Corrected on", "correction_done_at"),
        ("Consequences", "consequences"), ("Reviewed on", "reviewed_at"), ("Root cause", "root_cause"),
        ("Same elsewhere?", "extent_analysis"), ("Corrective action", lambda c: c["action"].get("text")),
        ("Action owner", lambda c: seen.name(c["action"].get("owner"))), ("Due", lambda c: c["action"].get("due")),
        ("Done on", lambda c: c["action"].get("done_at")),
        ("Effectiveness checked by", lambda c: seen.name(c["check"].get("by"))),
        ("Effectiveness checked on", lambda c: c["check"].get("at")), ("Result of check", lambda c: c["check"].get("result")),
        ("Change to the ISMS", "isms_change"), ("Status", "status"), ("Closed on", "closed_at"))


def people(seen):
    staff = table(
        seen.rows("persons"), ("No.", "id"), ("Name", lambda p: seen.name(p["id"])), ("Function", lambda p: seen.function(p["id"])),
        ("Employment", "employment"), ("Joined", "start"), ("Left", "end"), ("Top management", "is_top_management"),
        ("Screening done", "screening_done"), ("NDA signed", "nda_signed"))
    outside = table(
        seen.rows("external_persons"), ("No.", "id"), ("Name", lambda p: seen.name(p["id"])), ("Competence", "competence"),
        ("Wrote documents", lambda p: [seen.title(d) for d in p.get("wrote_documents") or []]), ("Owns", "owns"))
    training = table(
        seen.rows("training"), ("Name", lambda t: seen.name(t.get("person_id"))), ("Course", "topic"), ("Date", "at"),
        ("Passed", "passed"))
    events = table(
        seen.rows("training_events"), ("Training", "topic"), ("Held on", "at"), ("Effect evaluated", "effect_evaluated"),
        ("By", "method"))
    needs = {c.get("role_id"): seen.templates_needs(c) for c in seen.rows("competence_requirements")}
    competence = table(
        seen.rows("competence_records"), ("Name", lambda c: seen.name(c.get("person_id"))), ("Role", lambda c: seen.role(c.get("role_id"))),
        ("Needed competence", lambda c: needs.get(c.get("role_id"))), ("Evidence", "evidence"), ("Evaluated on", "evaluated_at"),
        ("Requirement met", "met"), ("Gap and action", lambda c: c.get("gap") or ("none" if c.get("met") else "")))
    acks = table(
        seen.rows("acks"), ("Name", lambda a: seen.name(a.get("person_id"))), ("Document", lambda a: seen.title(a.get("document_id"))),
        ("Version", "version"), ("Confirmed on", "at"))
    return [
        (PEOPLE, "Staff list", "csv", staff),
        (PEOPLE, "External persons", "csv", outside),
        (PEOPLE, "Training records", "xlsx", [("Attendance", training), ("Trainings", events)]),
        (PEOPLE, "Competence records", "xlsx", [("Competence", titled("Competence records", competence))]),
        (PEOPLE, "Confirmations of policies", "csv", acks),
    ]


def measures(seen):
    targets = {o.get("metric_id"): o.get("target") for o in seen.rows("objectives")}

    def metric(key):
        return lambda m: (seen.metrics.get(m.get("metric_id")) or {}).get(key)

    values = table(
        seen.rows("measurements"), ("Metric", "metric_id"), ("What", metric("what")), ("Method", metric("method")),
        ("Frequency", metric("frequency")), ("Measured by", lambda m: seen.name(metric("measured_by")(m))), ("Date", "at"),
        ("Value", "value"), ("Unit", metric("unit")), ("Target", lambda m: targets.get(m.get("metric_id"))))
    analyses = table(
        seen.rows("analyses"), ("Date", "at"), ("Analysed by", lambda a: seen.name(a.get("by"))), ("Metrics", "metric_ids"),
        ("Conclusion", "conclusion"), ("Judges security performance", "on_performance"),
        ("Judges effectiveness of the ISMS", "on_effectiveness"))
    return [(MEASURE, "Measurement results", "xlsx", [("Values", titled("Measured values", values)),
                                                      ("Analysis", titled("Analysis and evaluation of the results", analyses))])]


def operations(seen):
    forge = seen.data.get("forge") or {}
    accounts = table(
        seen.rows("directory_accounts"), ("Account", "uid"), ("Person", lambda a: seen.name(a.get("person_id"))), ("Enabled", "enabled"),
        ("Disabled on", "disabled_at"), ("Second factor", "mfa"), ("Groups", "groups"))
    users = table(
        forge.get("users") or [], ("Account", "login"), ("Person", lambda a: seen.name(a.get("person_id"))), ("Active", "active"))
    repositories = table(
        forge.get("repos") or [], ("Repository", "name"), ("Default branch protected", "default_branch_protected"),
        ("Approvals required", "required_approvals"))
    reviews = table(
        seen.rows("access_reviews"), ("System", "system"), ("Reviewed on", "at"), ("Reviewed by", lambda r: seen.name(r.get("by"))),
        ("Rights kept", lambda r: (r.get("decisions") or {}).get("kept")),
        ("Rights removed", lambda r: (r.get("decisions") or {}).get("removed")))
    restores = table(
        (seen.data.get("backup") or {}).get("restore_tests") or [], ("System restored", "system"), ("Tested on", "at"),
        ("Successful", "success"), ("Hours taken", "hours"))
    incidents = table(
        seen.rows("incidents"), ("Incident", "id"), ("Date", "at"), ("Severity", "severity"), ("What happened", "what"),
        ("Risk", "risk_id"), ("Review done", "review_done"))
    events = table(
        seen.rows("events"), ("Event", "id"), ("Reported on", "at"), ("Reported by", lambda e: seen.name(e.get("reporter"))),
        ("What was seen", "text"), ("Decided on", "decided_at"), ("Decision", "decision"))
    log = [("Events", titled("Security events", events))]
    if len(incidents) > 1:
        log.append(("Incidents", titled("Incident log", incidents)))
    return [
        (RECORDS, "Accounts 2026-11-30", "xlsx", [
            ("Directory", titled("Accounts of the directory", accounts)), ("Forge", titled("Accounts of the forge", users)),
            ("Repositories", titled("Repositories", repositories))]),
        (RECORDS, "Access reviews", "csv", reviews),
        (RECORDS, "Restore tests", "csv", restores),
        (RECORDS, "Events and incidents", "xlsx", log),
        (RECORDS, "Change log", "csv", change_rows(seen)),
    ]


def management(seen):
    planned = table(
        seen.rows("planned_changes"), ("No.", "id"), ("Change of the ISMS", "what"), ("Plan", "plan"),
        ("Approved by", lambda c: seen.who(c.get("approved_by"))), ("Approved on", "approved_at"),
        ("Carried out on", "implemented_at"), ("Risks assessed again", "reassessment"), ("Significant", "significant"))
    improvements = table(
        seen.rows("improvements"), ("No.", "id"), ("Came from", "source"), ("Improvement", "text"), ("Done on", "done_at"),
        ("Effect", "effect"))
    resources = table(
        seen.rows("resource_decisions"), ("Decided on", "at"), ("Decided by", lambda r: seen.who(r.get("by"))), ("Kind", "kind"),
        ("Resources", "text"))
    told = table(
        seen.rows("reports_to_management"), ("Date", "at"), ("From", lambda r: seen.name(r.get("by"))),
        ("To", lambda r: seen.who(r.get("to"))), ("Report", "text"))
    return [(AUDIT, "ISMS changes and improvements", "xlsx", [
        ("Changes", titled("Planned changes of the ISMS", planned)),
        ("Improvements", titled("Improvements", improvements)),
        ("Resources", titled("Decisions on resources", resources)),
        ("Reports", titled("Reports to top management", told))])]


def edition_of(document):
    """Title and edition, which stands at the end of the title."""
    title = document.get("title") or ""
    found = re.match(r"(.*?)[: ]((?:19|20)\d\d\b.*)$", title)
    return found.groups() if found else (title, "as in force")


def quarter(row):
    """2026-Q3 as people write it in a list of what has been filed."""
    year, _, number = (row.get("period") or "").partition("-Q")
    return "%s/%s" % (number, year) if number else year


def lists(seen):
    documents = table(
        seen.rows("documents"), ("Number", "id"), ("Title", "title"), ("Version", "version"), ("Status", "status"),
        ("Author", lambda d: seen.name(d.get("author"))), ("Approved by", lambda d: seen.name(d.get("approver"))),
        ("Approved on", "approved_at"), ("Next review", "next_review"), ("Class", "classification"), ("Language", "language"),
        ("Format", "format"))
    outside = table(
        seen.rows("external_documents"), ("External document", lambda d: edition_of(d)[0]), ("Edition", lambda d: edition_of(d)[1]),
        ("Source", lambda d: seen.supplier(d.get("source"))), ("Owner", lambda d: seen.name(d.get("owner"))),
        ("Last reviewed", "reviewed_at"))
    evidence = table(seen.rows("evidence"), ("Evidence", "id"), ("Collected on", "collected_at"), ("For", "supports"), ("SHA-256", "sha256"))
    owners = {p["id"]: p for p in seen.rows("isms_processes")}
    ran = table(
        seen.rows("process_evidence"), ("Process", lambda p: seen.process(p.get("process_id"))),
        ("Owner", lambda p: seen.name((owners.get(p.get("process_id")) or {}).get("owner"))), ("Quarter", quarter),
                ("Record", lambda p: (p.get("evidence_ref") or "").replace("-Q", "-")))
    samples = table(
        seen.rows("process_samples"), ("Business process", "process"), ("Record", "record"), ("Security step taken", "isms_step"))
    return [
        (RECORDS, "Document list", "csv", documents),
        ("1 Context and scope", "External documents", "csv", outside),
        (RECORDS, "Evidence index", "csv", evidence),
        (RECORDS, "Process records", "xlsx", [("Processes", titled("Records of the ISMS processes", ran)),
                                              ("Samples", titled("Security steps in business records", samples))]),
    ]


def suppliers(seen):
    return table(
        seen.rows("suppliers"), ("No.", "id"), ("Supplier", "name"), ("Service", "service"), ("Criticality", "criticality"),
        ("Cloud service", "cloud"), ("Contract", "agreement"), ("Security terms in contract", "security_terms"),
        ("Last assessed", "assessed_at"), ("Next review", "next_review"), ("Exit plan", "exit_plan"), ("Writes code for us", "writes_code"),
        ("Risks", "risk_ids"))


def all_of(seen, head_rows):
    """(folder, name, format, content) of every register and record."""
    method = (seen.data.get("risk_method") or {}).get("version")
    out = [
        (RISK, "Risk register", "xlsx", [
            ("Assessments", assessments(seen)),
            ("Risks", titled("Risk register", risk_rows(seen), "Method: Risk method %s; impact and probability 1 to 5" % (method or ""))),
            ("ISMS", titled("Risks and opportunities of the ISMS", isms_risk_rows(seen)))]),
        (RISK, "Statement of Applicability", "xlsx", soa(seen, head_rows)),
        ("5 Procedures", "Supplier list", "xlsx", [("Suppliers", titled("Supplier list", suppliers(seen)))]),
        (AUDIT, "Nonconformities and corrective actions", "xlsx", [("Log", titled("Nonconformities and corrective actions", capa_rows(seen)))]),
    ]
    return (out + people(seen) + measures(seen) + operations(seen) + management(seen) + lists(seen) + reports.all_of(seen))
