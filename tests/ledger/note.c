#include "ledger/note.h"

#include <string.h>

#include "tests/harness.h"

#define VECTORS "tests/vectors/note/signed-note.json"

static const unsigned char secret[ED25519_KEY_BYTES] = "not so secret, for tests only!!";

static struct str line_of(const struct value *vectors, size_t i)
{
    return value_as_text(value_at(value_get(vectors, "signature_lines"), i));
}

static struct str given_key(const struct value *vectors, size_t i)
{
    return value_as_text(value_at(value_get(vectors, "keys"), i));
}

static const struct value *given(struct ctx *cx)
{
    struct value *v;

    CHECK_OK(json_parse(cx, VECTORS, test_read_file(cx, VECTORS), &v));
    return v;
}

TEST(note_of_others_opens)
{
    const struct value *vectors = given(cx);
    struct str text = value_get_text(vectors, "text"), got;
    struct note_key keys[2];
    bool by[2];

    CHECK_OK(note_key_parse(cx, given_key(vectors, 3), &keys[0]));
    CHECK_OK(note_key_parse(cx, given_key(vectors, 0), &keys[1]));
    CHECK(str_eq(note_key_text(cx->mem, &keys[0]), given_key(vectors, 3)));
    struct str one = str_printf(cx->mem, "%.*s\n%.*s", STR_ARG(text), STR_ARG(line_of(vectors, 0)));
    CHECK_OK(note_open(cx, one, keys, 2, by, &got));
    CHECK(by[0] && !by[1] && str_eq(got, text));
    struct str both = str_printf(cx->mem, "%.*s%.*s", STR_ARG(one), STR_ARG(line_of(vectors, 1)));
    CHECK_OK(note_open(cx, both, keys, 2, by, &got));
    CHECK(by[0] && by[1]);
    CHECK_RC(note_open(cx, one, keys + 1, 1, by, &got), RC_DENIED);
}

TEST(note_of_others_that_is_wrong_is_refused)
{
    const struct value *vectors = given(cx);
    struct str text = value_get_text(vectors, "text"), got;
    struct note_key key;
    bool by;

    CHECK_OK(note_key_parse(cx, given_key(vectors, 3), &key));
    struct str named = str_printf(cx->mem, "%.*s\n%.*s\n", STR_ARG(text),
                                  STR_ARG(line_of(vectors, 2))); /* a name with a space */
    CHECK_RC(note_open(cx, named, &key, 1, &by, &got), RC_INVALID);
    struct str open = str_printf(cx->mem, "%.*s\n%.*s", STR_ARG(text),
                                 STR_ARG(str_trim(line_of(vectors, 0)))); /* no end of its line */
    CHECK_RC(note_open(cx, open, &key, 1, &by, &got), RC_INVALID);
    /* A private key, one whose number is not its own, one with bytes too many. */
    CHECK_RC(note_key_parse(cx, given_key(vectors, 1), &key), RC_INVALID);
    CHECK_RC(note_key_parse(cx, given_key(vectors, 2), &key), RC_INVALID);
    CHECK_RC(note_key_parse(cx, given_key(vectors, 4), &key), RC_INVALID);
}

TEST(note_has_no_byte_that_may_change)
{
    struct checkpoint checkpoint = {STR("assay.example/brackwater/log1"), 1042,
                                    hash_sha256(&STR("root"), 1)},
                      back;
    struct note_key key;
    struct str note, text;
    bool by;

    CHECK_OK(note_key_of(cx, checkpoint.origin, secret, &key));
    CHECK_OK(note_sign(cx, checkpoint_text(cx->mem, &checkpoint), &key, secret, &note));
    CHECK_OK(note_open(cx, note, &key, 1, &by, &text));
    CHECK_OK(checkpoint_parse(cx, text, &back));
    CHECK(back.size == 1042 && merkle_same(&back.root, &checkpoint.root) &&
          str_eq(back.origin, checkpoint.origin));
    char *bytes = arena_alloc(cx->mem, note.n);
    memcpy(bytes, note.p, note.n);
    for (size_t bit = 0; bit < note.n * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        CHECK(note_open(cx, (struct str){bytes, note.n}, &key, 1, &by, &text) != 0);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t n = 0; n < note.n; n++)
        CHECK(note_open(cx, str_sub(note, 0, n), &key, 1, &by, &text) != 0);
}

TEST(checkpoint_has_one_form)
{
    static const char root[] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    static const char *const sizes[] = {"", "01", "-1", "+1", "1.0", "9223372036854775808", "1 "};
    struct checkpoint got;

    CHECK_OK(checkpoint_parse(cx, str_printf(cx->mem, "a/b\n0\n%s\n", root), &got));
    CHECK_OK(checkpoint_parse(cx, str_printf(cx->mem, "a/b\n7\n%s\nmore\n", root), &got));
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        CHECK_RC(checkpoint_parse(cx, str_printf(cx->mem, "a/b\n%s\n%s\n", sizes[i], root), &got),
                 RC_INVALID);
    CHECK_RC(checkpoint_parse(cx, str_printf(cx->mem, "a/b\n7\n%s", root), &got), RC_INVALID);
    CHECK_RC(checkpoint_parse(cx, str_printf(cx->mem, "\n7\n%s\n", root), &got), RC_INVALID);
    CHECK_RC(checkpoint_parse(cx, str_printf(cx->mem, "a b\n7\n%s\n", root), &got), RC_INVALID);
    struct str nul = {"\0a/b\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 52};
    CHECK_RC(checkpoint_parse(cx, nul, &got), RC_INVALID);
    CHECK_RC(checkpoint_parse(cx, STR("a/b\n7\nZg==\n"), &got), RC_INVALID);
}
