/* The names of files that programs send lead into the folder of their job only. */
#include "web/jobs.h"

#include "tests/harness.h"
#include "web/child.h"

TEST(files_of_jobs_stay_in_their_folder)
{
    static const char *const good[] = {"0/risks.csv", "1/a b/c.md", "0/..a", "0/.hidden", NULL},
                             *const bad[] = {"",     "/etc/passwd", "0/../1/x", "0//x", "0/.",
                                             "0/x/", "..",          "./x",      NULL};

    for (size_t i = 0; good[i] != NULL; i++)
        CHECK(jobs_path_is(str_of(good[i])));
    for (size_t i = 0; bad[i] != NULL; i++)
        if (jobs_path_is(str_of(bad[i])))
            test_failed(__FILE__, __LINE__, "%s", bad[i]);
    CHECK(!jobs_path_is((struct str){"a\0b", 3}));
}

TEST(what_a_job_says_has_the_names_of_who_asked)
{
    struct app app = {.run = STR("/srv/isms/run")};
    struct value *words = value_list(cx->mem);
    struct job job = {.id = STR("j1"), .words = words};

    value_push(words, jobs_word(cx->mem, "", "in", STR("0/risks.csv"), STR("../lists/risks.csv")));
    value_push(words, jobs_word(cx->mem, "--output=", "out", STR("a.zip"), STR("/tmp/a.zip")));
    CHECK_STR(jobs_shown(cx->mem, &app, &job,
                         STR("/srv/isms/run/jobs/j1/in/0/risks.csv: line 3; "
                             "/srv/isms/run/jobs/j1/out/a.zip, /srv/isms/run/jobs/j1/out/b")),
              "../lists/risks.csv: line 3; /tmp/a.zip, b");
    CHECK_STR(jobs_output_of(cx->mem, &app, &job, STR("a/b.csv")),
              "/srv/isms/run/jobs/j1/out/a/b.csv");
    CHECK_STR(jobs_output_of(cx->mem, &app, &job, STR("../result.json")), "");
    CHECK_STR(jobs_output_of(cx->mem, &app, &job, STR("a/b/c")), "");
    CHECK_STR(jobs_output_of(cx->mem, &app, &job, STR_NONE), "");
}

TEST(how_far_a_job_is_is_what_it_said_last)
{
    CHECK_STR(child_progress(cx->mem, STR("progress\tReading\t3\t8\nassay: x\n"
                                          "progress\tReading\t4\t8\n")),
              "Reading: 4 of 8");
    CHECK_STR(child_progress(cx->mem, STR("progress\tJudging\t0\t0\n")), "Judging");
    CHECK_STR(child_progress(cx->mem, STR("assay: nothing\n")), "");
    CHECK_STR(child_progress(cx->mem, STR("")), "");
}
