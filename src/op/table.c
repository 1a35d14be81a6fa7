/* The table of operations on a home, and how one is run. */
#include "op/table.h"

#include "op/table_parts.h"

#define AS_OF                                                                                      \
    {                                                                                              \
        .name = "as-of", .type = OP_DAY, .help = "as it was recorded at the end of this day"       \
    }
#define REV                                                                                        \
    {                                                                                              \
        .name = "rev", .type = OP_NUMBER,                                                          \
        .help = "the version that you saw: refuse where somebody has changed it since"             \
    }
#define AGAIN                                                                                      \
    {                                                                                              \
        .name = "again", .type = OP_FLAG, .help = "take a ref that a removed record had"           \
    }
#define KEY                                                                                        \
    {                                                                                              \
        .name = "key", .type = OP_TEXT,                                                            \
        .help = "a word of your own: the same command with it again changes nothing"               \
    }
#define REGISTER_WORD                                                                              \
    {                                                                                              \
        .name = "register", .type = OP_REGISTER, .word = true, .required = true                    \
    }
/* Left out where a register holds only one. */
#define RECORD_WORD                                                                                \
    {                                                                                              \
        .name = "record", .type = OP_RECORD, .word = true                                          \
    }
#define FIELDS_WORDS                                                                               \
    {                                                                                              \
        .name = "fields", .type = OP_FIELDS, .word = true, .many = true                            \
    }
#define TIME_ZONE                                                                                  \
    {                                                                                              \
        .name = "time-zone", .type = OP_TEXT,                                                      \
        .help = "such as Europe/Berlin (default: this machine's)"                                  \
    }

#define OWNER                                                                                      \
    {                                                                                              \
        .name = "owner", .type = OP_TEXT, .help = "the person who answers for it (default: you)"   \
    }

static const struct op_arg init_args[] = {
    {.name = "home", .type = OP_FILE, .word = true},
    {.name = "name", .type = OP_TEXT, .required = true, .help = "of the organisation"},
    OWNER,
    TIME_ZONE,
    {0}};

static const struct op_arg no_args[] = {{0}};

static const struct op_arg login_args[] = {
    {.name = "login", .type = OP_TEXT, .word = true, .required = true}, {0}};

static const struct op_arg tokens_args[] = {{.name = "login", .type = OP_TEXT, .word = true}, {0}};

static const struct op_arg tokens_add_args[] = {
    {.name = "login", .type = OP_TEXT, .word = true, .required = true},
    {.name = "name", .type = OP_TEXT, .word = true, .required = true},
    {.name = "right",
     .type = OP_CHOICE,
     .many = true,
     .choices = "read|write|approve|judge|transfer|administer",
     .help = "what it may of what the account's role may; again for others (default: read)"},
    {.name = "organisation",
     .type = OP_TEXT,
     .help = "the only one that it is for (default: all in which the account takes part)"},
    {.name = "days", .type = OP_NUMBER, .help = "that it lasts, at most 366 (default: 90)"},
    {0}};

static const struct op_arg tokens_end_args[] = {
    {.name = "token", .type = OP_TEXT, .word = true, .required = true}, {0}};
#define MAIL_SERVER                                                                                \
    {.name = "mail",                                                                               \
     .type = OP_TEXT,                                                                              \
     .help = "the server that takes mail: smtps://user@mail.example.org:465"},                     \
        {.name = "mail-from", .type = OP_TEXT, .help = "from whom it comes: isms@example.org"},    \
        {.name = "mail-password-file",                                                             \
         .type = OP_FILE,                                                                          \
         .help = "a file with the password of that user in its first line"},                       \
    {                                                                                              \
        .name = "mail-authorities", .type = OP_FILE,                                               \
        .help = "whom to trust for its certificate, PEM (default: whom the system trusts)"         \
    }

static const struct op_arg mail_test_args[] = {
    {.name = "address", .type = OP_TEXT, .word = true, .required = true}, MAIL_SERVER, {0}};

static const struct op_arg mail_send_args[] = {
    MAIL_SERVER,
    {.name = "url", .type = OP_TEXT, .required = true, .help = "how people reach the server"},
    {.name = "most", .type = OP_NUMBER, .help = "at most so many (default: all that are due)"},
    {0}};

static const struct op_arg mail_args[] = {
    {.name = "mail", .type = OP_TEXT, .word = true, .required = true}, {0}};

static const struct op_arg own_send_args[] = {{.name = "person", .type = OP_RECORD, .word = true},
                                              {0}};

static const struct op_arg own_revoke_args[] = {
    {.name = "person", .type = OP_RECORD, .word = true, .required = true}, {0}};

static const struct op_arg own_ask_args[] = {
    {.name = "record", .type = OP_RECORD, .word = true, .required = true}, {0}};

static const struct op_arg organisation_args[] = {
    {.name = "name", .type = OP_TEXT, .word = true, .required = true}, OWNER, TIME_ZONE, {0}};

static const struct op_arg registers_args[] = {
    {.name = "register", .type = OP_REGISTER, .word = true},
    {.name = "names", .type = OP_FLAG, .help = "only names, one a line"},
    {0}};

static const struct op_arg list_args[] = {
    REGISTER_WORD,
    {.name = "where",
     .type = OP_TEXT,
     .many = true,
     .help = "only records that are so: level>=8, owner=Ada, title~backup, due= (empty), "
             "status!=closed; all of them where it is given again"},
    {.name = "sort", .type = OP_TEXT, .help = "by this field; -FIELD from the last"},
    {.name = "columns", .type = OP_TEXT, .help = "these fields: ref,level,owner"},
    {.name = "limit", .type = OP_NUMBER, .help = "at most so many, 0 for all (default: 200)"},
    {.name = "skip", .type = OP_NUMBER, .help = "leave out so many at the beginning"},
    AS_OF,
    {0}};

static const struct op_arg show_args[] = {REGISTER_WORD, RECORD_WORD, AS_OF, {0}};

static const struct op_arg add_args[] = {
    REGISTER_WORD,
    FIELDS_WORDS,
    {.name = "ref", .type = OP_TEXT, .help = "what it is called (default: the next number)"},
    AGAIN,
    KEY,
    {0}};

static const struct op_arg set_args[] = {
    REGISTER_WORD, RECORD_WORD,
    FIELDS_WORDS,  {.name = "ref", .type = OP_TEXT, .help = "what it is called from now on"},
    AGAIN,         REV,
    KEY,           {0}};

static const struct op_arg fetch_args[] = {
    REGISTER_WORD,
    RECORD_WORD,
    {.name = "field", .type = OP_TEXT, .word = true},
    {.name = "output",
     .type = OP_OUTPUT,
     .help = "a file that is not there yet, or a folder (default: as the file is called, here)"},
    AS_OF,
    {0}};

static const struct op_arg advance_args[] = {
    REGISTER_WORD,
    RECORD_WORD,
    {.name = "state", .type = OP_TEXT, .word = true, .required = true},
    FIELDS_WORDS,
    REV,
    KEY,
    {0}};

static const struct op_arg remove_args[] = {
    REGISTER_WORD, RECORD_WORD, {.name = "yes", .type = OP_FLAG, .help = "without being asked"},
    REV,           KEY,         {0}};

static const struct op_arg erase_args[] = {
    {.name = "erasure", .type = OP_RECORD, .word = true, .required = true},
    {.name = "preview", .type = OP_FLAG, .help = "say what would go, and erase nothing"},
    {.name = "yes", .type = OP_FLAG, .help = "without being asked"},
    {0}};

static const struct op_arg history_args[] = {REGISTER_WORD, RECORD_WORD, AS_OF, {0}};

static const struct op_arg diff_args[] = {
    {.name = "register", .type = OP_REGISTER, .word = true},
    RECORD_WORD,
    {.name = "from",
     .type = OP_TEXT,
     .help = "a version or a day, at its end (default for one record: the version before)"},
    {.name = "to", .type = OP_TEXT, .help = "a version or a day (default: now)"},
    {0}};

static const struct op_arg search_args[] = {
    {.name = "words", .type = OP_TEXT, .word = true, .required = true, .many = true},
    {.name = "limit", .type = OP_NUMBER, .help = "at most so many (default: 50)"},
    AS_OF,
    {0}};

static const struct op_arg due_args[] = {
    {.name = "days", .type = OP_NUMBER, .help = "look so many days ahead (default: 30)"},
    {.name = "person", .type = OP_RECORD, .help = "only what this person is to do"},
    AS_OF,
    {0}};

static const struct op_arg members_args[] = {AS_OF, {0}};

static const struct op_arg members_add_args[] = {
    {.name = "person", .type = OP_RECORD, .word = true, .required = true},
    {.name = "role", .type = OP_TEXT, .word = true, .required = true},
    {0}};

static const struct op_arg members_remove_args[] = {
    {.name = "person", .type = OP_RECORD, .word = true, .required = true},
    {.name = "role", .type = OP_TEXT, .word = true},
    {0}};

static const struct op_arg verify_args[] = {
    {.name = "quick", .type = OP_FLAG, .help = "files of the vault are not read, only looked for"},
    {0}};

static const struct op_arg doctor_args[] = {
    {.name = "mend", .type = OP_FLAG, .help = "make what is derived from the versions anew"}, {0}};

static const struct op_arg content_add_args[] = {
    {.name = "file", .type = OP_FILE, .word = true, .required = true}, {0}};

static const struct op_arg content_remove_args[] = {
    {.name = "name", .type = OP_TEXT, .word = true, .required = true}, {0}};

static const struct op_arg judge_args[] = {
    {.name = "stage",
     .type = OP_CHOICE,
     .choices = "stage1|stage2|surveillance|recertification",
     .help = "which audit is foreseen (default: stage1)"},
    {.name = "stage2", .type = OP_DAY, .help = "the planned day of Stage 2"},
    {.name = "for",
     .type = OP_CHOICE,
     .choices = "owner|auditor",
     .help = "auditor: without next steps and effort"},
    {.name = "fail-on",
     .type = OP_CHOICE,
     .choices = "blocker|concern|never",
     .help = "exit with 1 if there is one (default: blocker)"},
    {.name = "format",
     .type = OP_CHOICE,
     .many = true,
     .choices = "text|html|md|docx|pdf|xlsx|json|sarif|svg",
     .help = "may be given again (default: text)"},
    {.name = "output",
     .type = OP_OUTPUT,
     .help = "where to (default: -, the screen); a folder for several"},
    AS_OF,
    {0}};

static const struct op_arg answer_args[] = {
    {.name = "question", .type = OP_TEXT, .word = true, .required = true},
    {.name = "answer",
     .type = OP_CHOICE,
     .word = true,
     .required = true,
     .choices = "yes|no|partly|unknown|not_applicable"},
    {.name = "note", .type = OP_TEXT, .help = "what was said, in a sentence"},
    {.name = "on", .type = OP_DAY, .help = "when (default: today)"},
    {0}};

static const struct op_arg import_args[] = {
    {.name = "file", .type = OP_FILE, .word = true, .many = true},
    {.name = "folder", .type = OP_FILE, .help = "documents, and the tables in them"},
    {.name = "register", .type = OP_REGISTER, .help = "what the lines are, where it is not plain"},
    {.name = "map",
     .type = OP_TEXT,
     .many = true,
     .help = "HEADING=FIELD: what a column is; HEADING=- for one that is not taken"},
    {.name = "preview", .type = OP_FLAG, .help = "say what it would do, and write nothing"},
    {.name = "skip-rejected",
     .type = OP_FLAG,
     .help = "leave out the lines that cannot be taken, and write the others"},
    AGAIN,
    {0}};

static const struct op_arg bundle_args[] = {
    {.name = "output",
     .type = OP_OUTPUT,
     .required = true,
     .help = "the file to write, such as audit.zip"},
    {.name = "audit", .type = OP_TEXT, .help = "what this audit looks at: its ref"},
    {.name = "from", .type = OP_DAY, .help = "the first day of the period"},
    {.name = "to", .type = OP_DAY, .help = "the last day of the period"},
    {.name = "open",
     .type = OP_TEXT,
     .many = true,
     .help =
         "registers in which fields that may tell of persons are opened: all (as without this), "
         "none, or a register; again for others"},
    {.name = "for", .type = OP_TEXT, .help = "whom it is for"},
    {0}};

static const struct op_arg backup_args[] = {
    {.name = "output", .type = OP_OUTPUT, .required = true, .help = "the archive that is written"},
    {.name = "with-keys",
     .type = OP_FLAG,
     .help = "readable by whoever has it, and of use without this home's keys"},
    {0}};

static const struct op_arg restore_args[] = {
    {.name = "file", .type = OP_FILE, .word = true, .required = true}, {0}};

static const struct op_arg move_args[] = {
    {.name = "from", .type = OP_FILE, .word = true, .required = true},
    {.name = "to", .type = OP_FILE, .word = true, .required = true},
    {0}};

static const struct op_arg ledger_list_args[] = {
    {.name = "register", .type = OP_REGISTER, .word = true},
    {.name = "before", .type = OP_NUMBER, .help = "only entries before this one"},
    {.name = "limit", .type = OP_NUMBER, .help = "at most so many (default: 50)"},
    {0}};

static const struct op_arg prove_args[] = {REGISTER_WORD, RECORD_WORD, {0}};

static const struct op_arg consistency_args[] = {
    {.name = "from", .type = OP_NUMBER, .word = true, .required = true}, {0}};

static const struct op_arg bulk_args[] = {
    REGISTER_WORD,
    {.name = "record", .type = OP_RECORD, .many = true, .help = "a record to change, by its ref"},
    {.name = "where",
     .type = OP_TEXT,
     .many = true,
     .help = "all records that are so, where none is named: FIELD=VALUE, as for list"},
    {.name = "preview", .type = OP_FLAG, .help = "only show what would change"},
    {.name = "seen",
     .type = OP_NUMBER,
     .help = "of a preview: refuse where somebody has changed one of them since"},
    KEY,
    FIELDS_WORDS,
    {0}};

static const struct op_arg face_args[] = {
    REGISTER_WORD,
    {.name = "face",
     .type = OP_TEXT,
     .word = true,
     .help = "which of its faces (default: the first)"},
    AS_OF,
    {.name = "version", .type = OP_TEXT, .help = "an approved version in the place of what is now"},
    {.name = "against", .type = OP_TEXT, .help = "what differs from this approved version"},
    {.name = "where",
     .type = OP_TEXT,
     .many = true,
     .help = "only records that are so: FIELD=VALUE, as for list"},
    {.name = "gap", .type = OP_TEXT, .help = "only what has this gap; any for any"},
    {.name = "period",
     .type = OP_CHOICE,
     .choices = "month|quarter|year",
     .help = "of what is looked at period by period (default: quarter)"},
    {.name = "format",
     .type = OP_CHOICE,
     .choices = "pdf|docx|xlsx|md",
     .help = "as a document, into the file that --output names"},
    {.name = "output", .type = OP_OUTPUT, .help = "where the document goes"},
    {0}};

static const struct op_arg export_args[] = {
    {.name = "register", .type = OP_REGISTER, .word = true, .many = true},
    {.name = "all", .type = OP_FLAG, .help = "every register that has records"},
    {.name = "format",
     .type = OP_CHOICE,
     .choices = "csv|xlsx|ods|json",
     .help = "(default: as the file is called)"},
    {.name = "output", .type = OP_OUTPUT, .help = "where it goes; with several of CSV a folder"},
    {.name = "archive",
     .type = OP_OUTPUT,
     .help = "the whole organisation with its history, as one ZIP"},
    AS_OF,
    {0}};

const struct op op_table[] = {
    {"init", "make a home for records, with your organisation in it",
     "A home is a folder, or a PostgreSQL database (postgresql://...). It keeps your registers: "
     "risks, assets, suppliers and all else that a management system records, with every version "
     "of every record.\n\n"
     "Afterwards name it once, export ASSAY_HOME=FOLDER, or each time: --home FOLDER.",
     init_args, OP_NEEDS_NOTHING, ACCESS_ADMINISTER, true, "init", op_init},
    {"registers", "what can be recorded: registers, and the fields of one",
     "Without a home these are the registers of the program; with one also your own, and how many "
     "records each has.",
     registers_args, OP_TAKES_ORGANISATION, ACCESS_READ, false, "registers", op_registers_list},
    {"list", "records of a register", NULL, list_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false,
     "list", op_list},
    {"face", "a register as a statement, a map, charts, a time line or a table of periods",
     "What beside its list shows what is in it: face soa_entry, face risk, face incident. With "
     "--format it is a document to file.",
     face_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "face", op_face},
    {"show", "one record with all that it says",
     "A record is named by its ref. Where a register holds only one, such as organisation, its "
     "name is enough.",
     show_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "record", op_show},
    {"add", "record something; prints its ref",
     "FIELD=VALUE for each field; FIELD=@FILE takes the text of a file (FIELD=@@... a text that "
     "begins so), and stores the file itself where the field takes files: assay add evidence "
     "title=... file=@review.pdf. Several values stand one a line, or with ; or , between them. "
     "Persons and other "
     "records are named by their ref or name.\n\n"
     "What a register takes: assay registers REGISTER.",
     add_args, OP_NEEDS_ORGANISATION, ACCESS_WRITE, true, "added", op_add},
    {"set", "change fields of a record",
     "FIELD=VALUE as for add; FIELD= empties a field. What is not named stays.", set_args,
     OP_NEEDS_ORGANISATION, ACCESS_WRITE, true, "changed", op_set},
    {"fetch", "a file that a record has, such as evidence, out of the vault",
     "It is checked on the way: what comes out is what was recorded, byte by byte. --as-of fetches "
     "the file that the record had then. Files are stored by: assay add evidence title=... "
     "file=@PATH.",
     fetch_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "said", op_fetch},
    {"bulk", "change many records in the same way, all of them or none",
     "Records are named with --record, or chosen with --where as in list. --preview shows what "
     "would "
     "change, and which records refuse it.",
     bulk_args, OP_NEEDS_ORGANISATION, ACCESS_WRITE, true, "said", op_bulk},
    {"advance", "move a record to its next state, such as closed or approved",
     "Which states there are, and what each needs: assay registers REGISTER. Some may not be given "
     "by a person who is responsible for the record. FIELD=VALUE fills in what is needed.",
     advance_args, OP_NEEDS_ORGANISATION, ACCESS_READ, true, "advanced", op_advance},
    {"remove", "take a record away; its history stays",
     "Refused while other records refer to it, or where it has to be kept.", remove_args,
     OP_NEEDS_ORGANISATION, ACCESS_WRITE, true, "removed", op_remove},
    {"erase", "carry out a decision to erase persons, records or files, for good",
     "ERASURE is the ref of an approved record of the register erasure, which says what goes and "
     "why. Keys, values and files are destroyed in all versions, \"(erased)\" stands in their "
     "place, and the ledger still proves all that stays. --preview says what would go.\n\n"
     "Refused while a legal hold (register legal_hold) covers some of it. Bundles and backups that "
     "were made before are not touched. The same again finishes what was interrupted.",
     erase_args, OP_NEEDS_ORGANISATION, ACCESS_APPROVE, true, "erase", op_erase},
    {"history", "who changed what in a record, and when", NULL, history_args, OP_NEEDS_ORGANISATION,
     ACCESS_READ, false, "history", op_history},
    {"diff", "what has changed since a version or a day",
     "Of one record, of a register, or of all of them: assay diff --from 2026-10-01.", diff_args,
     OP_NEEDS_ORGANISATION, ACCESS_READ, false, "diff", op_diff},
    {"search", "records that have words in them", NULL, search_args, OP_NEEDS_ORGANISATION,
     ACCESS_READ, false, "search", op_search},
    {"due", "what should have been done by now, and what is due in the next days",
     "Reviews, tests, audits, trainings, actions: of all registers that say when something is due.",
     due_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "list", op_due},
    {"import", "bring in lists, documents, frameworks, or a whole organisation",
     "Takes spreadsheets (XLSX, ODS), CSV, JSON, YAML, folders of documents, and archives made by "
     "export. Where the headings are those of a register they are taken as they are; other tables "
     "are recognised, and --preview shows how. Lines are new records, or change those that they "
     "name; all of them are written or none. The same file again changes nothing.\n\n"
     "An archive goes into an organisation that has nothing in it yet. What each form holds is in "
     "docs/import.md.",
     import_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "import", op_import},
    {"export", "write registers to files, or the whole organisation to an archive",
     "What is exported comes back by import without any difference. Cells never hold formulas.",
     export_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, false, "said", op_export},
    {"backup", "all of an organisation as one archive, while others go on writing",
     "Every version of every record, files, and registers of your own, of one moment. restore "
     "brings "
     "it back; later versions of Assay take it too.",
     backup_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, false, "said", op_backup},
    {"bundle", "one file for an auditor, who can verify it alone",
     "Holds the versions of records that stood at some time of the period (all of them where none "
     "is "
     "named), pages to read them, and the ledger, which proves that they are what was recorded "
     "when "
     "it says, and that nothing was taken out. assay-verify checks it without Assay; "
     "docs/verify-by-hand.md does so with common programs.\n\n"
     "Of an audit (--audit) it holds the audit with what it found, and of the time that it covers "
     "what it looks at (processes, controls, documents), what is evidence of these, and whatever "
     "changed. --from and --to say another time.\n\n"
     "With the records of a register that is opened go their files. One that is lost is named, and "
     "the exit code is 1.\n\n"
     "Fields that may tell of persons are opened in all registers, or in those that --open names; "
     "what stays sealed can still be proved. Each bundle is a record of the register bundle.",
     bundle_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "said", op_bundle},
    {"restore", "an organisation back from its archive",
     "Into the home that --home or ASSAY_HOME names, as an organisation more; where there is none, "
     "one "
     "is made. What is there is never written over.",
     restore_args, OP_NEEDS_NOTHING, ACCESS_TRANSFER, true, "said", op_restore},
    {"move", "carry an organisation from one home to another",
     "FROM and TO are folders or PostgreSQL URLs. Afterwards all versions are compared; what was "
     "in "
     "FROM stays there.",
     move_args, OP_NEEDS_NOTHING, ACCESS_TRANSFER, true, "said", op_move},
    {"members", "who takes part, and what each may do", NULL, members_args, OP_NEEDS_ORGANISATION,
     ACCESS_READ, false, "list", op_members},
    {"members add", "let a person take part in a role",
     "Roles: owner, manager, contributor, employee, internal_auditor, external_auditor, "
     "consultant, reader. The person is recorded before: assay add person name=... Somebody with "
     "several roles says in which they act: --as \"Ada Byron/internal_auditor\".",
     members_add_args, OP_NEEDS_ORGANISATION, ACCESS_ADMINISTER, true, "said", op_members_add},
    {"members remove", "let a person take part no longer, in one role or in all",
     "What they recorded stays, and who they were.", members_remove_args, OP_NEEDS_ORGANISATION,
     ACCESS_ADMINISTER, true, "said", op_members_remove},
    {"organisations", "the organisations of a home", NULL, no_args, OP_NEEDS_HOME, ACCESS_READ,
     false, "list", op_organisations},
    {"organisations add", "another organisation in the same home", NULL, organisation_args,
     OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "init", op_organisations_add},
    {"accounts", "who may sign in to the home once it is served", NULL, no_args, OP_NEEDS_HOME,
     ACCESS_READ, false, "list", op_accounts},
    {"accounts reset", "take the second factor from an account whose owner has lost it",
     "And end its sessions. For whoever runs the server, where no owner of an organisation can do "
     "it.",
     login_args, OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "said", op_accounts_reset},
    {"tokens", "what programs sign in with to the home once it is served",
     "Of one account or of all, with their rights, when they were last used, and when they end.",
     tokens_args, OP_NEEDS_HOME, ACCESS_READ, false, "list", op_tokens},
    {"tokens add", "let a program act for an account: prints a token, once",
     "LOGIN is whose program it is, NAME what it is for. The program sends it as Authorization: "
     "Bearer TOKEN. It never may more than the account's role, nothing is changed without the "
     "right to write, and what it records is marked as come by it.",
     tokens_add_args, OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "said", op_tokens_add},
    {"tokens end", "make a token useless", "TOKEN is its id, which assay tokens shows.",
     tokens_end_args, OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "said", op_tokens_end},
    {"mail test", "send a mail, to see whether that works",
     "Takes the same options as assay serve, sends one mail to ADDRESS at once, and says what the "
     "mail server said where it did not take it.",
     mail_test_args, OP_NEEDS_NOTHING, ACCESS_READ, false, "said", op_mail_test},
    {"mail send", "send the mails that are due",
     "A server with --mail does that by itself. Each mail is sent once: one that was not taken is "
     "tried again later, one of which nobody knows is not.",
     mail_send_args, OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "said", op_mail_send},
    {"mail list", "mails that wait, and what became of the others",
     "Those that were sent are listed for a day, those that were not for thirty.", no_args,
     OP_NEEDS_HOME, ACCESS_READ, false, "list", op_mail_list},
    {"mail again", "send a mail that failed, or of which nobody knows, once more", NULL, mail_args,
     OP_NEEDS_HOME, ACCESS_ADMINISTER, true, "said", op_mail_again},
    {"mail drop", "do not send a mail", NULL, mail_args, OP_NEEDS_HOME, ACCESS_ADMINISTER, true,
     "said", op_mail_drop},
    {"own", "what waits for people: what to read and confirm, trainings",
     "Everybody who works here, how much waits for them, and until when a link of theirs works.",
     no_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, false, "list", op_own},
    {"own ask", "ask everybody to confirm that they have read a document",
     "RECORD is the document, in its present version. Whoever was asked for that version already "
     "is "
     "not asked twice.",
     own_ask_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "said", op_own_ask},
    {"own send", "mail people a link to what waits for them",
     "To PERSON, or to all for whom something waits. By the link they confirm, see their trainings "
     "and "
     "report what looks wrong, without an account, for fourteen days. The mails are sent by a "
     "server with --mail, or by assay mail send.",
     own_send_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "said", op_own_send},
    {"own revoke", "make the links of a person useless", NULL, own_revoke_args,
     OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "said", op_own_revoke},
    {"vault scrub", "read all files of records, and say which are lost or changed",
     "Names the record of each file that is gone, was changed or cannot be decrypted, and so what "
     "it no longer shows. Takes away what uploads that were interrupted more than a day ago have "
     "left, and what was erased. Exit code 1 where a file is lost.",
     no_args, OP_NEEDS_ORGANISATION, ACCESS_WRITE, true, "vault", op_vault_scrub},
    {"content add", "a register or rules of your own, from a YAML file",
     "A register is a map with id, title and fields, rules are a list; how they are written is in "
     "docs/registers.md and docs/rules.md. The same file again replaces what it was.",
     content_add_args, OP_NEEDS_ORGANISATION, ACCESS_ADMINISTER, true, "said", op_content_add},
    {"content list", "registers and rules of your own", NULL, no_args, OP_NEEDS_ORGANISATION,
     ACCESS_READ, false, "list", op_content_list},
    {"content remove", "take one of your own registers or rules away",
     "Refused for a register that has records.", content_remove_args, OP_NEEDS_ORGANISATION,
     ACCESS_ADMINISTER, true, "said", op_content_remove},
    {"judge", "would the audit pass, by the records",
     "Judges the registers as an auditor would at Stage 1, Stage 2, a surveillance audit or the "
     "recertification, and says for every gap which record it is and what to do. --as-of judges "
     "what was recorded at the end of a day.\n\n"
     "Questions that no record answers are listed with their ids: assay answer QUESTION yes.",
     judge_args, OP_NEEDS_ORGANISATION, ACCESS_JUDGE, false, "judge", op_judge},
    {"answer", "remember what somebody answered to a question of the judge",
     "QUESTION is the id that assay judge names, or that of a requirement; ANSWER is yes, no, "
     "partly, unknown or not_applicable. After a year, or the months of your own rule answers, it "
     "is asked again.",
     answer_args, OP_NEEDS_ORGANISATION, ACCESS_JUDGE, true, "said", op_answer},
    {"ledger list", "who recorded what, the last first",
     "Each version of a record is one entry, numbered from 0. assay history shows what was "
     "changed, assay ledger prove proves that it is so.",
     ledger_list_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "list", op_ledger_list},
    {"ledger status", "how many entries the ledger has, and the public keys of its checkpoints",
     NULL, no_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "ledger", op_ledger_status},
    {"ledger checkpoint", "the ledger as it stands, signed: three lines for others to keep",
     "Whoever keeps it can later be shown that nothing before it was changed: assay ledger "
     "consistency SIZE.",
     no_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "ledger", op_ledger_checkpoint},
    {"ledger rotate", "another key for the ledger, which the one before it stands for",
     "Once a year, or when somebody may have seen the folder of keys. Auditors who have the old "
     "key "
     "learn of the new one from the next bundle.",
     no_args, OP_NEEDS_ORGANISATION, ACCESS_ADMINISTER, true, "ledger", op_ledger_rotate},
    {"ledger stamp", "have time stamp authorities confirm when the ledger existed (RFC 3161)",
     "Asks those that the organisation's record names (time_stamp_authorities), by https. They get "
     "a "
     "hash and nothing else; what they reply is kept, shown by assay ledger status, and goes into "
     "every bundle, archive and backup. Best once a day.",
     no_args, OP_NEEDS_ORGANISATION, ACCESS_TRANSFER, true, "said", op_ledger_stamp},
    {"ledger prove", "proof that a record's last version is in the ledger",
     "In the form of C2SP tlog-proof, under a checkpoint of now. --json has the entry too.",
     prove_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "ledger", op_ledger_prove},
    {"ledger consistency", "proof that the ledger begins with all that an earlier checkpoint has",
     "FROM is the earlier checkpoint's number of entries, its second line.", consistency_args,
     OP_NEEDS_ORGANISATION, ACCESS_READ, false, "ledger", op_ledger_consistency},
    {"ledger verify", "compare all that is stored with the ledger",
     "Finds what something else than Assay has changed in the database or the files of the vault, "
     "and says which record, version and field it is. Exit code 1 where something differs.",
     verify_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "verified", op_ledger_verify},
    {"doctor", "compare what is stored with itself",
     "Compares the current records with their versions, and these with the definitions, and looks "
     "whether every file is in the vault (assay vault scrub reads them). --mend "
     "makes what is derived anew; versions are never changed. Exit code 1 where something differs.",
     doctor_args, OP_NEEDS_ORGANISATION, ACCESS_READ, false, "problems", op_doctor},
    {0}};
