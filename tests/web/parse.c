/* What browsers send, taken apart; and what is none of it. */
#include "web/parse.h"

#include "tests/harness.h"

TEST(percent_signs_are_undone_and_made)
{
    struct str got;

    CHECK(parse_percent(cx->mem, STR("RISK%2F7+%C3%A4"), false, &got));
    CHECK_STR(got, "RISK/7+ä");
    CHECK(parse_percent(cx->mem, STR("a+b%0Ac"), true, &got));
    CHECK_STR(got, "a b\nc");
    CHECK(!parse_percent(cx->mem, STR("a%2"), false, &got));
    CHECK(!parse_percent(cx->mem, STR("a%zz"), false, &got));
    CHECK(!parse_percent(cx->mem, STR("a%00b"), false, &got));
    CHECK(!parse_percent(cx->mem, STR("a%1Bb"), false, &got));
    CHECK(!parse_percent(cx->mem, STR("%C3%28"), false, &got));
    CHECK_STR(parse_escape(cx->mem, STR("A/B ä?")), "A%2FB%20%C3%A4%3F");
    CHECK_STR(parse_escape(cx->mem, STR("..")), "%2E%2E");
}

TEST(a_token_of_a_program_is_told_from_other_schemes)
{
    CHECK_STR(parse_bearer(STR("Bearer abc")), "abc");
    CHECK_STR(parse_bearer(STR("bearer  abc ")), "abc");
    CHECK_STR(parse_bearer(STR("Basic YTpi")), "");
    CHECK_STR(parse_bearer(STR("Bearer")), "");
    CHECK_STR(parse_bearer(STR("")), "");
}

TEST(paths_lead_down_only)
{
    static const char *const bad[] = {"",       "a",        "//",      "/a//b",     "/a/../b",
                                      "/a/.",   "/%2e%2e/", "/a/%2E",  "/a%00",     "/a%0Ab",
                                      "/a/%C3", "/..",      "/a/b/%2", "/.%2e/etc", NULL};
    struct str parts[PARSE_SEGMENTS];
    size_t n = 9;

    CHECK(parse_path(cx->mem, STR("/"), parts, &n));
    CHECK_INT(n, 0);
    CHECK(parse_path(cx->mem, STR("/o/brackwater/r/risk/RISK%2F1"), parts, &n));
    CHECK_INT(n, 5);
    CHECK_STR(parts[4], "RISK/1");
    CHECK(parse_path(cx->mem, STR("/a/b/"), parts, &n));
    CHECK_INT(n, 2);
    for (size_t i = 0; bad[i] != NULL; i++)
        if (parse_path(cx->mem, str_of(bad[i]), parts, &n))
            test_failed(__FILE__, __LINE__, "%s is taken for a path", bad[i]);
    CHECK(!parse_path(cx->mem, STR("/1/2/3/4/5/6/7/8/9/a/b/c/d"), parts, &n));
}

TEST(forms_of_names_and_values)
{
    struct parse_form form = {NULL, 0, 0};

    CHECK_OK(parse_urlencoded(cx, STR("a=1&b=x+y%26z&a=2&&c"), &form));
    CHECK_INT(form.n, 4);
    CHECK_STR(parse_get(&form, "a"), "1");
    CHECK_STR(parse_get(&form, "b"), "x y&z");
    CHECK(parse_has(&form, "c") && !parse_has(&form, "d"));
    CHECK_OK(parse_urlencoded(cx, STR("lines=one%0D%0Atwo%0Dthree"), &form));
    CHECK_STR(parse_get(&form, "lines"), "one\ntwo\nthree");
    CHECK_RC(parse_urlencoded(cx, STR("a=%ff"), &form), RC_INVALID);
    struct buf many = buf_new(cx->mem);

    for (size_t i = 0; i <= PARSE_FIELDS; i++)
        buf_addz(&many, "x=1&");
    CHECK_RC(parse_urlencoded(cx, buf_str(&many), &form), RC_LIMIT);
}

#define MULTIPART STR("multipart/form-data; boundary=\"X y\"")

TEST(forms_with_files)
{
    struct parse_form form = {NULL, 0, 0};
    struct str body = STR("--X y\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc\r\n"
                          "--X y\r\ncontent-disposition: form-data; name=\"file\"; "
                          "filename=\"a\\\"b.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                          "Ref,Risk\r\n\x01\x02\r\n--X y--\r\n");

    CHECK_OK(parse_multipart(cx, MULTIPART, body, &form));
    CHECK_INT(form.n, 2);
    CHECK_STR(parse_get(&form, "csrf"), "abc");
    CHECK(form.fields[1].is_file && !form.fields[0].is_file);
    CHECK_STR(form.fields[1].file, "a\"b.csv");
    CHECK_STR(form.fields[1].value, "Ref,Risk\r\n\x01\x02");
    form = (struct parse_form){NULL, 0, 0};
    CHECK_OK(parse_multipart(cx, MULTIPART,
                             STR("--X y\r\nContent-Disposition: form-data; name=\"f\"; "
                                 "filename=\"a %22b%22 5%.csv\"\r\n\r\n1\r\n--X y--\r\n"),
                             &form));
    CHECK_STR(form.fields[0].file, "a \"b\" 5%.csv");
}

/* Cut off anywhere, it is refused, and never read beyond its end. */
TEST(a_form_with_files_that_is_cut_off)
{
    struct str body =
        STR("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n");

    for (size_t n = 0; n + 3 < body.n; n++) {
        struct parse_form form = {NULL, 0, 0};
        struct str copy = str_copy(cx->mem, str_sub(body, 0, n));
        CHECK_RC(parse_multipart(cx, STR("multipart/form-data; boundary=B"), copy, &form),
                 RC_INVALID);
    }
    struct parse_form form = {NULL, 0, 0};

    CHECK_RC(parse_multipart(cx, STR("multipart/form-data"), body, &form), RC_INVALID);
    CHECK_RC(parse_multipart(cx, STR("text/plain; boundary=B"), body, &form), RC_INVALID);
    CHECK_RC(parse_multipart(cx, STR("multipart/form-data; boundary=C"), body, &form), RC_INVALID);
}

TEST(cookies_by_name)
{
    CHECK_STR(parse_cookie(STR("a=1; assay-session=tok; b=2"), "assay-session"), "tok");
    CHECK_STR(parse_cookie(STR("xassay-session=1"), "assay-session"), "");
    CHECK_STR(parse_cookie(STR("s=1; s=2"), "s"), "");
    CHECK_STR(parse_cookie(STR(";;=;s"), "s"), "");
}

TEST(json_for_who_asks_for_it)
{
    CHECK(parse_wants_json(STR("application/json")));
    CHECK(parse_wants_json(STR("text/html;q=0.5, application/json")));
    CHECK(
        !parse_wants_json(STR("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")));
    CHECK(!parse_wants_json(STR("*/*")));
    CHECK(!parse_wants_json(STR("application/json;q=0")));
    CHECK(!parse_wants_json(STR("")));
    CHECK(parse_takes_coding(STR("br;q=1.0, GZIP;q=0.5, *;q=0"), "gzip"));
    CHECK(!parse_takes_coding(STR("br, gzip;q=0"), "gzip"));
    CHECK(!parse_takes_coding(STR("gzipped"), "gzip"));
    CHECK(!parse_takes_coding(STR(""), "gzip"));
}

TEST(tags_of_conditional_requests)
{
    CHECK(parse_has_tag(STR("\"a\", W/\"b\""), STR("\"b\"")));
    CHECK(parse_has_tag(STR("*"), STR("\"b\"")));
    CHECK(!parse_has_tag(STR("\"a\""), STR("\"b\"")));
}
