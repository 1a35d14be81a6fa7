#include "proc/mail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/file.h"
#include "proc/frame.h"

#define MEMORY ((size_t)512 * 1024 * 1024) /* with the stacks of threads */
#define MARGIN_SECONDS 3u                  /* that the child has over the time of the sending */
#define CONNECT_SECONDS 20L
#define SAID_BYTES 300u
#define ASKS '?'
#define GO '!'

/* ---- addresses ---- */

static bool is_here(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
           strcmp(host, "[::1]") == 0;
}

static void free_url(CURLU **url)
{
    curl_url_cleanup(*url);
}

static void free_text(char **text)
{
    curl_free(*text);
}

struct parts {
    bool tls, here;
    struct str user, bare; /* decoded; the URL without it */
};

static struct str text_of(struct arena *mem, CURLU *url, CURLUPart part, unsigned flags)
{
    char *text CLEANUP(free_text) = NULL;

    return curl_url_get(url, part, &text, flags) == CURLUE_OK ? str_copy(mem, str_of(text))
                                                              : STR_NONE;
}

static int take_apart(struct ctx *cx, const char *place, struct str text, struct parts *ret)
{
    CURLU *url CLEANUP(free_url) = curl_url();

    if (url == NULL || str_find_char(text, '\0', 0) != SIZE_MAX ||
        curl_url_set(url, CURLUPART_URL, str_z(cx->mem, text), 0) != CURLUE_OK)
        return fail(cx, RC_INVALID, place,
                    _("\"%.*s\" is no mail server such as smtps://user@mail.example.org:465."),
                    STR_ARG(text));
    struct str scheme = text_of(cx->mem, url, CURLUPART_SCHEME, 0),
               host = text_of(cx->mem, url, CURLUPART_HOST, 0);

    if (!str_is(scheme, "smtps") && !str_is(scheme, "smtp"))
        return fail(cx, RC_INVALID, place, _("Mail goes to smtps:// or smtp://, not to \"%.*s\"."),
                    STR_ARG(text));
    if (text_of(cx->mem, url, CURLUPART_PASSWORD, 0).n > 0)
        return fail(cx, RC_INVALID, place,
                    _("The password stands in a file (--mail-password-file), not in the address: "
                      "others can see that."));
    ret->tls = str_is(scheme, "smtps");
    ret->here = is_here(host.p);
    ret->user = text_of(cx->mem, url, CURLUPART_USER, CURLU_URLDECODE);
    (void)curl_url_set(url, CURLUPART_USER, NULL, 0);
    ret->bare = text_of(cx->mem, url, CURLUPART_URL, 0);
    return 0;
}

int mail_check_url(struct ctx *cx, const char *place, struct str url)
{
    struct parts parts;

    return take_apart(cx, place, url, &parts);
}

/* ---- the child ---- */

struct sending {
    const struct mail_server *server;
    struct parts parts;
    struct str from, to, message;
    size_t at;        /* of the message: so much the server has */
    bool handed;      /* it may have some of it */
    struct buf reply; /* the last line in which it said no */
};

/* Before the first byte the parent is asked. */
static bool may_hand_over(struct sending *s)
{
    char c = ASKS;

    if (s->handed)
        return true;
    if (write(PROC_PIPE, &c, 1) != 1 || read(PROC_FILE, &c, 1) != 1)
        return false;
    s->handed = c == GO;
    return s->handed;
}

static size_t give_piece(char *bytes, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    struct str piece = str_sub(s->message, s->at, size * n);

    if (!may_hand_over(s))
        return CURL_READFUNC_ABORT;
    memcpy(bytes, piece.p, piece.n);
    s->at += piece.n;
    return piece.n;
}

static size_t take_reply(char *bytes, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;

    if (size * n == 0 || (bytes[0] != '4' && bytes[0] != '5'))
        return size * n;
    s->reply.n = 0;
    buf_add(&s->reply, str_sub((struct str){bytes, size * n}, 0, SAID_BYTES));
    return size * n;
}

static size_t take_nothing(UNUSED char *bytes, size_t size, size_t n, UNUSED void *arg)
{
    return size * n;
}

static void free_curl(CURL **curl)
{
    curl_easy_cleanup(*curl);
}

static void free_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

static bool set_who(CURL *curl, struct ctx *cx, const struct sending *s)
{
    if (s->parts.user.n == 0)
        return true;
    return curl_easy_setopt(curl, CURLOPT_USERNAME, str_z(cx->mem, s->parts.user)) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PASSWORD, str_z(cx->mem, s->server->password)) ==
               CURLE_OK;
}

static bool set_trust(CURL *curl, const struct sending *s)
{
    struct str pem = s->server->authorities;
    struct curl_blob blob = {
        .data = (void *)(uintptr_t)pem.p, .len = pem.n, .flags = CURL_BLOB_COPY};
    long tls = s->parts.tls || !s->parts.here ? CURLUSESSL_ALL : CURLUSESSL_TRY;

    return curl_easy_setopt(curl, CURLOPT_USE_SSL, tls) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           (pem.n == 0 || curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK);
}

static bool set_all(CURL *curl, struct ctx *cx, struct sending *s, struct curl_slist *to,
                    char *error)
{
    const char *from = str_printf(cx->mem, "<%.*s>", STR_ARG(s->from)).p;

    return set_who(curl, cx, s) && set_trust(curl, s) &&
           curl_easy_setopt(curl, CURLOPT_URL, str_z(cx->mem, s->parts.bare)) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)s->server->seconds) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_piece) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_READDATA, s) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_nothing) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error) == CURLE_OK;
}

/* One line without what a terminal or a page should not get. */
static struct str tidy(struct arena *mem, struct str said)
{
    struct buf out = buf_new(mem);
    size_t at = 0;

    while (at < said.n) {
        uint32_t code = utf8_next(said, &at);
        buf_code(&out, code < ' ' || (code >= 0x7f && code < 0xa0) ? ' ' : code);
    }
    return str_cut(mem, str_squeeze(mem, buf_str(&out)), SAID_BYTES);
}

static struct str sentence(struct ctx *cx, const struct sending *s, CURLcode code, long status,
                           const char *error)
{
    struct str host = s->parts.bare,
               why = str_of(error[0] != '\0' ? error : curl_easy_strerror(code));

    if (code == CURLE_OPERATION_TIMEDOUT)
        return str_printf(cx->mem, _("%.*s did not answer in time."), STR_ARG(host));
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
        return str_printf(cx->mem, _("%.*s cannot show that it is who it says: %.*s."),
                          STR_ARG(host), STR_ARG(tidy(cx->mem, why)));
    if (code == CURLE_USE_SSL_FAILED)
        return str_printf(cx->mem,
                          _("%.*s does not offer STARTTLS, and without it mail would be sent in "
                            "clear."),
                          STR_ARG(host));
    if (code == CURLE_LOGIN_DENIED)
        return str_printf(cx->mem, _("%.*s does not let \"%.*s\" log in: %.*s"), STR_ARG(host),
                          STR_ARG(s->parts.user), STR_ARG(tidy(cx->mem, buf_str(&s->reply))));
    if (status >= 400 && s->reply.n > 0)
        return str_printf(cx->mem, _("%.*s said: %.*s"), STR_ARG(host),
                          STR_ARG(tidy(cx->mem, buf_str(&s->reply))));
    return str_printf(cx->mem,
                      s->handed ? _("%.*s had the mail and did not say that it took it: %.*s.")
                                : _("%.*s cannot be reached: %.*s."),
                      STR_ARG(host), STR_ARG(tidy(cx->mem, why)));
}

/* A refusal of who we are is no refusal of the mail: that can be mended. */
static bool is_about_us(CURLcode code, long status)
{
    return code == CURLE_LOGIN_DENIED || status == 530 || status == 534 || status == 535 ||
           status == 538 || status == 503;
}

static enum mail_outcome outcome_of(const struct sending *s, CURLcode code, long status)
{
    if (code == CURLE_OK)
        return MAIL_SENT;
    if (status >= 500 && status < 600 && !is_about_us(code, status))
        return MAIL_REFUSED;
    if (s->handed && (status < 400 || status >= 600))
        return MAIL_UNSURE;
    return MAIL_LATER;
}

/* The outcome as a digit, and the sentence. */
static int hand_over(struct ctx *cx, void *arg, struct buf *out)
{
    struct sending *s = arg;
    CURL *curl CLEANUP(free_curl) = curl_easy_init();
    struct str to = str_printf(cx->mem, "<%.*s>", STR_ARG(s->to));
    struct curl_slist *list CLEANUP(free_list) = curl_slist_append(NULL, str_z(cx->mem, to));
    char error[CURL_ERROR_SIZE] = "";
    long status = 0;

    s->reply = buf_new(cx->mem);
    if (curl == NULL || list == NULL || !set_all(curl, cx, s, list, error))
        return fail(cx, RC_FAIL, NULL, "%s", _("libcurl could not begin."));
    CURLcode code = curl_easy_perform(curl);

    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    buf_char(out, (char)('0' + (int)outcome_of(s, code, status)));
    if (code != CURLE_OK)
        buf_add(out, sentence(cx, s, code, status, error));
    return 0;
}

/* ---- the parent ---- */

struct line {
    int asked[2], answer[2]; /* a pipe on which the child asks; sockets for what it gets */
};

static void line_end(struct line *line)
{
    for (int i = 0; i < 2; i++) {
        fd_close(&line->asked[i]);
        fd_close(&line->answer[i]);
    }
}

/* Waits until the child asks or has ended, and answers. `*ret_asked`: it had to hand it over. */
static int answer(struct ctx *cx, const struct line *line, int64_t until, mail_before *before,
                  void *arg, bool *ret_asked)
{
    char c = 0;
    int rc = 0;

    *ret_asked = false;
    for (;;) {
        struct pollfd fd = {.fd = line->asked[0], .events = POLLIN};
        int64_t left = until - clock_ms();
        int ready = poll(&fd, 1, left > 0 ? (int)left : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0 || read(line->asked[0], &c, 1) != 1 || c != ASKS)
            return 0;
        break;
    }
    if (before != NULL)
        rc = before(arg, cx);
    c = rc == 0 ? GO : 'n';
    *ret_asked = send(line->answer[1], &c, 1, MSG_NOSIGNAL) == 1 && rc == 0;
    return rc;
}

static int take_outcome(struct ctx *cx, struct proc_job *job, bool asked, struct mailed *ret)
{
    struct str out;
    int rc = proc_wait(cx, job, &out);

    if (rc == 0 && out.n > 0 && out.p[0] >= '0' && out.p[0] <= '0' + MAIL_UNSURE) {
        *ret = (struct mailed){(enum mail_outcome)(out.p[0] - '0'), str_from(out, 1)};
        return 0;
    }
    /* Whatever it was that ended it, the server may have the mail. */
    *ret = (struct mailed){asked ? MAIL_UNSURE : MAIL_LATER,
                           rc < 0 ? cx->err.text : str_of(_("What sends mail gave no answer."))};
    cx->err = (struct err){.rc = RC_OK};
    return 0;
}

int mail_send(struct ctx *cx, const struct mail_server *server, struct str from, struct str to,
              struct str message, mail_before *before, void *arg, struct mailed *ret)
{
    struct sending sending = {.server = server, .from = from, .to = to, .message = message};
    struct line line CLEANUP(line_end) = {{-1, -1}, {-1, -1}};
    unsigned seconds = server->seconds + MARGIN_SECONDS;
    struct proc_job *job;
    bool asked;

    TRY(take_apart(cx, "mail", server->url, &sending.parts));
    if (pipe2(line.asked, O_CLOEXEC) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line.answer) != 0)
        return fail(cx, RC_LIMIT, NULL, _("Too many files are open."));
    const struct proc_limits limits = {.profile = PROC_FETCH,
                                       .memory = MEMORY,
                                       .cpu_seconds = seconds,
                                       .wall_seconds = seconds,
                                       .output = 64 * 1024,
                                       .file = line.answer[0],
                                       .pipe = line.asked[1]};

    TRY(proc_start(cx, &limits, hand_over, &sending, &job));
    fd_close(&line.answer[0]);
    fd_close(&line.asked[1]);
    int rc = answer(cx, &line, clock_ms() + (int64_t)seconds * 1000, before, arg, &asked);
    struct err err = cx->err;

    TRY(take_outcome(cx, job, asked, ret));
    if (rc == 0)
        return 0;
    cx->err = err;
    return rc;
}
