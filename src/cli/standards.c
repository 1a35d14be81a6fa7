/* `assay standards`: what is inside this program, and the version of its rules. */
#include "cli/cli.h"

#include "cli/output.h"
#include "report/page.h"
#include "standard/standard.h"

/* Ids of the folders below standards/ that hold a standard. */
static struct value *standard_ids(struct ctx *cx, const struct content *content)
{
    struct value *list = value_list(cx->mem);
    const struct content_file *file;
    size_t at = 0;

    while ((file = content_next(content, "standards/", "/standard.yaml", &at)) != NULL) {
        struct str name = str_of(file->name);
        value_push(list, value_text(cx->mem, str_sub(name, 10, name.n - 10 - 14)));
    }
    return list;
}

static int count_rules(struct ctx *cx, const struct standard *s, int64_t *ret)
{
    struct str head = str_printf(cx->mem, "standards/%.*s/rules/", STR_ARG(s->id));
    const struct content_file *file;
    size_t at = 0;
    int64_t n = 0;

    while ((file = content_next(&s->content, head.p, ".yaml", &at)) != NULL) {
        struct value *yaml;
        TRY(yaml_parse(cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
        n += (int64_t)value_count(yaml);
    }
    *ret = n;
    return 0;
}

static int describe(struct ctx *cx, const struct content *content, struct str id,
                    struct value **ret)
{
    struct value *v = value_map(cx->mem);
    struct standard *s;
    int64_t rules;

    TRY(standard_load(cx, content, str_z(cx->mem, id), &s));
    TRY(count_rules(cx, s, &rules));
    value_set_text(v, "id", s->id);
    value_set_text(v, "title", s->title);
    value_set_text(v, "amendment", s->amendment);
    value_set_int(v, "requirements", (int64_t)s->requirements.n);
    value_set_int(v, "controls", (int64_t)s->controls.n);
    value_set_int(v, "document_kinds", (int64_t)s->kinds.n);
    value_set_int(v, "criteria", (int64_t)s->criteria.n);
    value_set_int(v, "questions", (int64_t)s->questions.n);
    value_set_int(v, "rules", rules);
    *ret = v;
    return 0;
}

/* Languages are files that say their id and title; others.yaml only tells more of them apart. */
static int add_languages(struct ctx *cx, const struct content *content, struct value *into)
{
    const struct content_file *file;
    size_t at = 0;

    while ((file = content_next(content, "languages/", ".yaml", &at)) != NULL) {
        struct value *yaml, *v;
        TRY(yaml_parse(cx, file->name, (struct str){(const char *)file->bytes, file->n}, &yaml));
        if (value_get_text(yaml, "title").n == 0)
            continue;
        v = value_map(cx->mem);
        value_set_text(v, "id", value_get_text(yaml, "id"));
        value_set_text(v, "title", value_get_text(yaml, "title"));
        value_push(into, v);
    }
    return 0;
}

static void show_standard(struct page *p, const struct value *s)
{
    static const struct {
        const char *key, *words;
    } counts[] = {{"requirements", "requirements"},
                  {"controls", "controls"},
                  {"document_kinds", "kinds of documents"},
                  {"criteria", "criteria for what they have to say"},
                  {"rules", "rules that make findings"},
                  {"questions", "questions for interviews"}};
    struct arena *mem = p->cx->mem;

    page_text(p, 0, TONE_STRONG,
              str_printf(mem, "%.*s with %.*s", STR_ARG(value_get_text(s, "title")),
                         STR_ARG(value_get_text(s, "amendment"))));
    page_text(p, 3, TONE_FAINT, value_get_text(s, "id"));
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        page_item(p, 3, 8, TONE_PLAIN, value_print(mem, value_get(s, counts[i].key)), TONE_PLAIN,
                  str_of(_(counts[i].words)));
}

static void show(struct page *p, const struct value *v)
{
    const struct value *standards = value_get(v, "standards"),
                       *languages = value_get(v, "languages");
    struct buf names = buf_new(p->cx->mem);

    for (size_t i = 0; i < value_count(standards); i++) {
        show_standard(p, value_at(standards, i));
        page_line(p);
    }
    for (size_t i = 0; i < value_count(languages); i++)
        buf_printf(&names, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(value_get_text(value_at(languages, i), "title")));
    page_text(
        p, 0, TONE_PLAIN,
        str_printf(p->cx->mem, _("Languages that are judged: %.*s"), STR_ARG(buf_str(&names))));
    page_text(
        p, 0, TONE_PLAIN,
        str_printf(p->cx->mem, _("Program: %.*s"), STR_ARG(value_get_text(v, "program_version"))));
    page_text(
        p, 0, TONE_PLAIN,
        str_printf(p->cx->mem, _("Rule set: %.*s"), STR_ARG(value_get_text(v, "rules_version"))));
}

int cli_standards(struct cli *cli)
{
    const char *format = args_value(&cli->args, "format");
    struct report_style style = output_style(cli->out);
    struct ctx *cx = cli->cx;
    struct buf out = buf_new(cx->mem);
    struct page page = page_new(cx, &style, &out);
    struct value *v = value_map(cx->mem), *standards = value_list(cx->mem), *one;
    struct value *languages = value_list(cx->mem);
    struct content content;

    TRY(content_open(cx, args_value(&cli->args, "content"), &content));
    const struct value *ids = standard_ids(cx, &content);
    for (size_t i = 0; i < value_count(ids); i++) {
        TRY(describe(cx, &content, value_as_text(value_at(ids, i)), &one));
        value_push(standards, one);
    }
    TRY(add_languages(cx, &content, languages));
    value_set(v, "standards", standards);
    value_set(v, "languages", languages);
    value_set_text(v, "program_version", STR(ASSAY_VERSION));
    value_set_text(v, "rules_version", content_version(cx->mem, &content));
    if (format != NULL && strcmp(format, "json") == 0) {
        value_json(&out, v, 2);
        buf_char(&out, '\n');
    } else {
        show(&page, v);
    }
    return output_stream(cx, cli->out, buf_str(&out));
}
