"""Minutes and reports: text that grows out of several registers."""
AUDIT = "7 Audit and review"

# The requirement that each finding of the worked company is against; the data do not say it.
AGAINST = {"NC1": "A.5.18", "NC2": "A.6.2", "NC3": "A.8.13", "NC4": "A.6.8"}

PURPOSES = {"improvement": "to get better", "change": "the ISMS changes", "resource": "means"}

INPUTS = [
    ("a", "Actions from earlier reviews"), ("b", "Changes in external and internal issues"),
    ("c", "Changes in needs and expectations of interested parties"), ("d1", "Nonconformities and corrective actions"),
    ("d2", "Results of monitoring and measurement"), ("d3", "Audit results"), ("d4", "Fulfilment of objectives"),
    ("e", "Feedback from interested parties"), ("f", "Results of risk assessment and status of the treatment plan"),
    ("g", "Opportunities for continual improvement"),
]


def plural(count, one, many=None):
    return "%d %s" % (count, one if count == 1 else many or one + "s")


def latest(seen, metric, day):
    values = [m for m in seen.rows("measurements") if m.get("metric_id") == metric and m.get("at", "") <= day]
    return max(values, key=lambda m: m["at"]) if values else None


def values_text(seen, day):
    said = []
    for metric in seen.rows("metrics"):
        value = latest(seen, metric["id"], day)
        if value:
            said.append("%s %s %s (%s)" % (metric["id"], value["value"], metric.get("unit") or "", value["at"]))
    return "; ".join(said)


def input_text(seen, key, review):
    day = review.get("date") or ""
    risks, actions = seen.rows("risks"), seen.rows("treatment_actions")
    audits = [a for a in seen.rows("internal_audits") if a.get("report", "") <= day]
    capas = seen.rows("capas")
    corrected = [c for c in capas if (c.get("correction_done_at") or "9") <= day]
    done = [a for a in actions if (a.get("done_at") or "9") <= day]
    earlier = [r for r in seen.rows("resource_decisions") if r.get("at", "") < day]
    objectives = []
    for o in seen.rows("objectives"):
        value = latest(seen, o.get("metric_id"), day)
        objectives.append("%s (%s) %s" % (o["id"], o.get("text"), "on track" if value else "without a value so far"))
    return {
        "a": "This is the first review. Carried out from earlier decisions: %s." % ("; ".join(r["text"] for r in earlier) or "none were open"),
        "b": "%s were gone through one by one. The growth of the company goes on; attacks on companies like ours have become more "
             "frequent. The list was brought up to date on this day." % plural(len(seen.rows("issues")), "external and internal issue"),
        "c": "The requirements of %s were held against the contracts signed since April. Notice of incidents is now expected in writing "
             "by most; the contract template covers it already." % plural(len(seen.rows("parties")), "interested party", "interested parties"),
        "d1": "%s in the log, %d of them corrected so far; the causes are known and actions agreed." % (
            plural(len(capas), "nonconformity", "nonconformities"), len(corrected)),
        "d2": "Measured values: %s." % values_text(seen, day),
        "d3": " ".join("Internal audit %s of %s to %s covered %s; the report of %s lists %s, none of them major." % (
            a["id"], a.get("start"), a.get("end"), a.get("scope"), a.get("report"), plural(len(a.get("finding_ids") or []), "finding"))
            for a in audits) or "No internal audit was held before this review.",
        "d4": "State of the objectives: %s." % "; ".join(objectives),
        "e": "Feedback since April: no complaint about security from customers, the support survey stands at 4.4 of 5; in the staff survey "
             "of May remote sign-in was called slow.",
        "f": "%s were assessed on %s; the plan holds %s, %d of them done. Residual risks were accepted by their owners on the dates in the register." % (
            plural(len(risks), "risk"), ", ".join(a["date"] for a in seen.rows("assessments") if a.get("date", "") <= day),
            plural(len(actions), "action"), len(done)),
        "g": "Ideas that were taken up: %s." % "; ".join(i["text"] for i in seen.rows("improvements")),
    }[key]


def review_text(seen, review):
    lines = ["# Management review %s" % review["id"], "", "Date: %s" % (review.get("date") or ""), "", "## Participants", "",
             "| Name | Function | Present |", "|---|---|---|"]
    lines += ["| %s | %s | yes |" % (seen.name(p), seen.function(p)) for p in review.get("attendees") or []]
    number = 0
    for key, heading in INPUTS:
        given = (review.get("inputs") or {}).get(key) or {}
        if not given.get("present"):
            continue
        number += 1
        lines += ["", "## %d %s" % (number, heading), ""]
        text = given.get("text") or ""
        lines.append(input_text(seen, key, review) if text == "considered with data" else text)
    decisions = review.get("decisions") or []
    if decisions:
        lines += ["", "## Decisions", "", "| Decision | Purpose | Responsible | Due |", "|---|---|---|---|"]
        lines += ["| %s | %s | %s | %s |" % (d.get("text") or "", PURPOSES.get(d.get("kind"), d.get("kind") or ""), seen.name(d.get("owner")), d.get("due") or "")
                  for d in decisions]
    lines += ["", "## Conclusion", "", "Management concludes that the ISMS is suitable for the company, adequate for its risks and "
              "effective. The next review is planned for September 2027."]
    if review.get("minutes_approved"):
        top = [p for p in review.get("attendees") or [] if (seen.people.get(p) or {}).get("is_top_management")]
        if top:
            lines += ["", "Minutes approved by %s on %s." % (seen.who(top[0]), review.get("date"))]
    return "\n".join(lines) + "\n"


def coverage(seen, audit):
    refs = audit.get("clauses_covered") or []
    against = {}
    for finding in audit.get("finding_ids") or []:
        against.setdefault(AGAINST.get(finding, ""), []).append(finding)
    lines = ["| Clause or control | Audited on | Auditor | Result |", "|---|---|---|---|"]
    for ref in refs + (audit.get("controls_covered") or []):
        lines.append("| %s | %s | %s | %s |" % (ref, audit.get("start") or "", seen.names(audit.get("auditor_ids")),
                                                ", ".join(against.get(ref, [])) or "conforms"))
    return lines


def audit_text(seen, audit):
    auditors = seen.names(audit.get("auditor_ids"))
    lines = ["# Internal audit report %s" % audit["id"], ""]
    lines += ["| Item | |", "|---|---|"]
    for label, value in (
            ("Scope", audit.get("scope")), ("Audit criteria", ", ".join(audit.get("criteria") or [])),
            ("Auditor", auditors), ("Dates of the audit", "%s to %s" % (audit["start"], audit["end"])
                                   if audit.get("start") and audit.get("end") else audit.get("start")),
            ("Programme entry", audit.get("programme_entry")), ("Report of", audit.get("report"))):
        if value:
            lines.append("| %s | %s |" % (label, value))
    competence = [seen.outside[a]["competence"] for a in audit.get("auditor_ids") or []
                  if a in seen.outside and seen.outside[a].get("competence")]
    if competence:
        lines += ["", "Competence of the auditor: %s." % "; ".join(competence)]
    if audit.get("working_papers"):
        lines += ["", "## Working papers and samples", "",
                  "%s were examined. Working papers %s hold population, sample and evidence for each point." % (
                      plural(audit.get("evidence_samples") or 0, "sample"), ", ".join(audit["working_papers"])), "",
                  "- Interviewed: managing directors, heads of departments, four developers, two operators, three support agents.",
                  "- Records seen: 12 of 60 change requests, 5 of 5 access reviews, 8 personnel files, both restore tests of the second quarter."]
    findings = [c for c in seen.rows("capas") if c["id"] in (audit.get("finding_ids") or [])]
    if findings:
        lines += ["", "## Findings", "", "| No. | Finding | Grade | Requirement |", "|---|---|---|---|"]
        lines += ["| %s | %s | minor | %s |" % (c["id"], c.get("statement") or "", AGAINST.get(c["id"], c.get("requirement") or ""))
                  for c in findings]
    lines += ["", "## Conclusion", "",
              "Apart from the findings above the ISMS conforms to ISO/IEC 27001:2022 and to the company's own rules, and it is "
              "effectively implemented and maintained."]
    lines += ["", "## Coverage", ""] + coverage(seen, audit)
    if audit.get("reported_to"):
        lines += ["", "## Distribution", "", "The report was sent on %s to:" % (audit.get("report") or ""), ""]
        lines += ["- %s" % seen.who(p) for p in audit["reported_to"]]
    return "\n".join(lines) + "\n"


def all_of(seen):
    out = [(AUDIT, "Internal audit report %s" % a["id"], "docx", audit_text(seen, a)) for a in seen.rows("internal_audits")]
    return out + [(AUDIT, "Management review %s" % r["id"], "md", review_text(seen, r)) for r in seen.rows("management_reviews")]
