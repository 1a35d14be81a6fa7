"""What templates and registers see: the data with numbers of people, suppliers and documents turned into names."""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))

# The data know most people by surname or number only.
GIVEN = {"P01": "Katharina", "P02": "Jan", "P03": "Miriam", "P04": "Tobias", "P05": "Chidi", "P06": "Elena",
         "P07": "Nina", "P08": "Lukas", "P09": "Ingrid", "P10": "Paul"}
OTHERS = """Amira Haddad|Ben Krueger|Carla Neumann|David Osei|Eva Lorenz|Farid Nouri|Greta Thomsen|Henrik Vogt|Irina Pavlova|
Jonas Behrens|Katja Wolff|Leon Hartmann|Mara Schilling|Niklas Jansen|Olga Marten|Pascal Engel|Ruth Kessler|Samir Aziz|
Tanja Roth|Uwe Claussen|Vera Lehmann|Willem Post|Xenia Graf|Yannick Keller|Zoe Arndt|Arne Petersen|Birte Hansen|
Cem Yildiz|Dana Fuchs|Emil Sander|Frida Holm"""
OTHERS = [n.strip() for n in OTHERS.replace("\n", "").split("|")]
OUTSIDE = {"Pruefkontor auditor": "Ines Falk (Pruefkontor)",
           "Consultant who wrote the documents": "Robert Wirth (consultant)"}
FUNCTIONS = {"ISM": "Information security manager"}
REASONS = {"baseline": "business", "risk": "risk", "law": "law", "contract": "contract"}
DUTIES = {"isms_conformity": "sees that the ISMS conforms to ISO/IEC 27001",
          "isms_reporting": "reports on the performance of the ISMS to top management"}
ROLE_DUTIES = {"R1": "provides resources, approves policy and objectives", "R3": "security of development, owner of its risks",
               "R4": "security of operations, owner of its risks", "R5": "screening, training, joiners and leavers",
               "R6": "data protection, contact of the authority", "R7": "leads the response to incidents"}
NEEDS = {"R1": "management of a company; half-day course on duties of management under ISO/IEC 27001",
         "R2": "ISO/IEC 27001 lead implementer course; three years in IT security; risk assessment",
         "R2b": "reporting to management; knowledge of the metrics; ISO/IEC 27001 foundation",
         "R3": "degree in computer science or five years of development; secure coding; threat modelling",
         "R4": "five years of administration; hardening; backup and restore; incident handling",
         "R5": "labour law; screening; planning of training",
         "R6": "GDPR course; contract law",
         "R7": "incident handling course; one exercise a year; calm under stress",
         "internal_auditor": "audit method; ISO/IEC 27001 lead auditor course; experience in IT security"}
PLACES = {"system": "production cluster at the hosting provider", "information": "production cluster and office suite",
          "saas": "tenant at the provider, EU", "device": "with staff, spare ones in the office"}


class View:
    def __init__(self, data):
        self.data = data
        self.people = {p["id"]: p for p in data.get("persons") or []}
        self.outside = {p["id"]: p for p in data.get("external_persons") or []}
        self.documents = {d["id"]: d for d in data.get("documents") or []}
        self.suppliers = {s["id"]: s for s in data.get("suppliers") or []}
        self.risks = {r["id"]: r for r in data.get("risks") or []}
        self.metrics = {m["id"]: m for m in data.get("metrics") or []}
        self.roles = {r["id"]: r for r in data.get("roles") or []}
        with open(os.path.join(HERE, "controls.json"), encoding="utf-8") as source:
            self.controls = json.load(source)

    def rows(self, key):
        return self.data.get(key) or []

    # --- names ---

    def name(self, who):
        if not who:
            return ""
        if who in self.people:
            person = self.people[who]
            name = person.get("name") or ""
            if name == "Former colleague":
                return OTHERS[30]
            if name.startswith("Person ") and name[7:].isdigit():
                return OTHERS[(int(name[7:]) - 11) % len(OTHERS)]
            return ("%s %s" % (GIVEN.get(who, ""), name)).strip()
        if who in self.outside:
            name = self.outside[who].get("name") or ""
            return OUTSIDE.get(name, name)
        return who

    def names(self, ids):
        return ", ".join(self.name(i) for i in ids or [])

    def function(self, who):
        function = (self.people.get(who) or {}).get("function") or ""
        return FUNCTIONS.get(function, function)

    def who(self, who):
        function = self.function(who)
        return "%s (%s)" % (self.name(who), function) if function else self.name(who)

    def title(self, document):
        return self.documents[document]["title"] if document in self.documents else document

    def where(self, ref):
        """A document or a control that somebody points to."""
        if ref in self.documents:
            return "%s (%s)" % (self.title(ref), ref)
        if ref in self.controls:
            return "%s %s" % (ref, self.controls[ref]["title"])
        return ref

    def supplier(self, ref):
        return (self.suppliers.get(ref) or {}).get("name") or ref or ""

    def role(self, ref):
        if ref in self.roles:
            return self.roles[ref]["name"]
        return (ref or "").replace("_", " ").capitalize()

    def org_name(self):
        return (self.data["org"].get("name") or "").replace(" (fictional)", "")

    # --- what documents show ---

    def drafted_by(self, document):
        return ", ".join(self.name(x["id"]) for x in self.rows("external_persons")
                         if document in (x.get("wrote_documents") or []))

    def scope(self):
        scope = dict(self.data.get("scope") or {})
        sites = {s["id"]: s for s in self.rows("sites")}
        units = scope.get("org_units") or []
        scope["all_units"] = units == ["all"]
        scope["has_units"] = bool(units)
        scope["process_list"] = scope.get("processes") or []
        scope["system_list"] = scope.get("systems") or []
        listed = [dict(sites.get(s, {"id": s, "kind": "", "address": ""})) for s in scope.get("sites") or []]
        scope["site_list"] = first(listed)
        scope["interfaces"] = [dict(i, performer=self.supplier(i.get("performed_by")))
                               for i in scope.get("interfaces") or []]
        scope.setdefault("exclusions", [])
        considered = scope.get("considered") or {}
        scope["considered"] = considered
        scope["considered_any"] = any(considered.values())
        for key in ("statement", "certificate_wording"):
            scope[key] = scope.get(key) or ""
        return scope

    def method(self):
        method = dict(self.data.get("risk_method") or {})
        rows = method.get("consequence_scale") or []
        columns = method.get("likelihood_scale") or []
        performing = method.get("performing") or {}
        triggers = performing.get("triggers") or []
        return {
            "consequence_scale": first(rows), "likelihood_scale": first(columns),
            "combine": method.get("combine"), "acceptance": method.get("acceptance"),
            "interval_months": performing.get("interval_months"),
            "triggers": bool(triggers), "trigger_list": ", ".join(triggers), "owner_rule": method.get("owner_rule"),
            "matrix": method.get("combine") == "product" and bool(rows and columns),
            "matrix_head": " | ".join(str(c["step"]) for c in columns),
            "matrix_rows": [{"step": r["step"], "levels": Raw(" | ".join(str(r["step"] * c["step"]) for c in columns))}
                            for r in rows],
        }

    def objectives(self):
        out = []
        for o in self.rows("objectives"):
            metric = self.metrics.get(o.get("metric_id"))
            link = o.get("policy_link") or ""
            document = link.split("#")[0]
            named = ("%s, section %s" % (self.title(document), link.split("#")[1].capitalize())
                     if "#" in link and document in self.documents else link)
            evaluation = o.get("evaluation_method") or ""
            out.append(dict(
                o, policy=named,
                measure="%s: %s" % (metric["id"], metric["what"]) if metric else (o.get("metric_id") or ""),
                links=", ".join((o.get("risk_links") or []) + (o.get("req_links") or [])),
                owner_name=self.name(o.get("owner")), evaluation=evaluation,
                communicated_at=o.get("communicated_at") or "",
                not_measurable_reason=o.get("not_measurable_reason") or ""))
        return out

    def grouped(self, rows, key, shown):
        """Rows by one value of theirs: [{ids, value}], where the value is there."""
        found = {}
        for row in rows:
            if row.get(key):
                found.setdefault(row[key], []).append(row["id"])
        return [{"ids": ", ".join(ids), "by": shown(value), "on": value} for value, ids in found.items()]

    def actions(self):
        out = []
        for a in self.rows("treatment_actions"):
            levels = [str(self.risks[r]["residual_level"]) for r in a.get("risk_ids") or [] if r in self.risks]
            out.append(dict(a, owner_name=self.name(a.get("owner")), expected=", ".join(levels)))
        return out

    def actions_done(self):
        rows = []
        for a in self.rows("treatment_actions"):
            if a.get("status") != "done":
                continue
            for ref in a.get("risk_ids") or []:
                risk = self.risks.get(ref) or {}
                rows.append({"id": a["id"], "done_at": a.get("done_at"), "evidence": a.get("evidence_ids") or [], "risk": ref,
                             "residual": risk.get("residual_level"),
                             "accepted_by": self.name(risk.get("residual_accepted_by")),
                             "accepted_on": risk.get("residual_accepted_at")})
        return {"any": bool(rows), "rows": rows}

    def party_rows(self):
        out = []
        for party in self.rows("parties"):
            wanted = [r for r in self.rows("party_requirements") if r.get("party_id") == party["id"]]
            for r in wanted or [{}]:
                addressed = r.get("addressed_by_isms")
                out.append({"id": r.get("id") or party["id"], "party": party["name"], "kind": party.get("kind"),
                            "text": r.get("text"), "source": r.get("source"), "addressed": addressed,
                            "where": ", ".join(self.where(h) for h in r.get("how") or [])})
        return out

    def assets(self):
        out = []
        site = next((s["address"] for s in self.rows("sites") if s.get("kind") == "physical"), "office")
        hosting = next((s["name"] for s in self.rows("suppliers") if "hosting" in (s.get("service") or "")), "")
        for a in self.rows("assets"):
            kind = a.get("kind") or ""
            place = site if kind == "site" else PLACES.get(kind, "office")
            if kind == "system" and hosting:
                place = "at %s" % hosting
            out.append(dict(a, owner_name=self.name(a.get("owner_id")), location=place, state="in use"))
        return out

    def templates_needs(self, requirement):
        """What a role needs: spelled out where the data only point to the matrix."""
        needs, role = requirement.get("competences") or [], requirement.get("role_id")
        if needs == ["see matrix"] or needs and role == "internal_auditor":
            return NEEDS.get(role, "")
        return ", ".join(needs)

    def templates(self):
        """The names that every template may use."""
        data = self.data
        days = data.get("leaver_limit_days")
        climate = data.get("climate_determination")
        if climate:
            climate = dict(climate, climate_yes=climate.get("relevant") is True,
                           climate_no=climate.get("relevant") is False,
                           decided_by_who=self.who(climate.get("decided_by")),
                           rationale=climate.get("rationale"), decided_at=climate.get("decided_at"))
        backup = dict(data.get("backup") or {})
        systems = backup.get("critical_systems") or []
        backup["system_list"] = ", ".join(systems)
        backup["critical_systems"] = bool(systems)
        for key in ("restore_test_interval_days", "rto_hours"):
            backup.setdefault(key, None)
        rto = backup["rto_hours"]
        named = self.named
        return {
            "org": dict(data["org"], name=self.org_name()),
            "scope": self.scope(), "method": self.method(), "backup": backup,
            "rto_text": "%s hours" % rto if rto else "hours",
            "leaver_days": "one day" if days == 1 else "%s days" % days,
            "objectives": self.objectives(),
            "objectives_approval": self.grouped(self.rows("objectives"), "approved_by", self.who_dated),
            "objectives_reviewed": self.grouped(self.rows("objectives"), "reviewed_at", str),
            "audit_programme": {"entries": [dict(e, auditor_name=self.name(e.get("auditor")))
                                            for e in (data.get("audit_programme") or {}).get("entries") or []]},
            "treatment_actions": self.actions(), "actions_done": self.actions_done(),
            "rtp_approvals": first(named("rtp_approvals", owner_name="owner_id")),
            "assets": self.assets(), "issues": self.rows("issues"), "has_issues": bool(self.rows("issues")),
            "climate_determination": climate, "party_rows": self.party_rows(),
            "has_parties": bool(self.rows("parties")),
            "legal_requirements": [dict(r, owner_name=self.name(r.get("owner")),
                                        how_text=self.where(r["how_met"]) if r.get("how_met") else "")
                                   for r in self.rows("legal_requirements")],
            "document_acl": first(self.rows("document_acl")),
            "roles": [dict(r, holders=self.names(r.get("holder_ids")), deputies=self.names(r.get("deputy_ids")),
                           duty_text=DUTIES.get(r.get("duty")) or ROLE_DUTIES.get(r["id"]) or r.get("duty") or "")
                      for r in self.rows("roles")],
            "isms_processes": first([dict(p, owner_name=self.name(p.get("owner")),
                                          partners=", ".join(self.process(i) for i in p.get("interacts_with") or []))
                                     for p in self.rows("isms_processes")]),
            "comm_plan": named("comm_plan", owner_name="owner"),
            "communications": first(named("communications", by_name="by")),
            "competence_requirements": [
                {"role": self.role(c.get("role_id")), "basis": self.where(c.get("basis")),
                 "needs": self.templates_needs(c)} for c in self.rows("competence_requirements")],
            "awareness_scores": first([{"name": self.name(a.get("person_id")),
                                        **{k: percent(a.get(k)) for k in ("policy", "contribution", "implications",
                                                                         "reporting")}}
                                       for a in self.rows("awareness_scores")]),
            "metrics": named("metrics", measured_by_name="measured_by", analysed_by_name="analysed_by"),
        }

    def who_dated(self, who):
        return self.who(who)

    def process(self, ref):
        return next((p["name"] for p in self.rows("isms_processes") if p["id"] == ref), ref)

    def named(self, key, **names):
        return [dict(row, **{new: self.name(row.get(old)) for new, old in names.items()}) for row in self.rows(key)]


class Raw(str):
    """Cells that are joined already."""


def percent(value):
    return "" if value is None else "%d %%" % round(100 * value)


def first(rows):
    """Marks the first row, before which a template writes the head of the table."""
    return [dict(row, first=n == 0) for n, row in enumerate(rows)]
