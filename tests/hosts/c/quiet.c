/*
 * Everything that the library does by itself, between two marks on standard error: run under strace, what lies between
 * them is what the library asks of the system.
 */
#include <unistd.h>

#include "check.h"

static void mark(const char *text)
{
    CHECK(write(STDERR_FILENO, text, strlen(text)) == (ssize_t)strlen(text));
}

static void work(void)
{
    casewire_connector *connector = new_connector();
    casewire_memory_store *store = NULL;
    casewire_bytes *preset = NULL;
    casewire_error *why = NULL;
    uint64_t operation;
    uint32_t kind = 0;
    int64_t now = START;
    int is_over = 0;
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    CHECK_STATUS(OK, casewire_config_preset(TEXT("heimdal"), &preset, &error));
    CHECK_STATUS(OK, casewire_config_validate(casewire_bytes_text(preset), &error));
    casewire_bytes_free(preset);
    CHECK(casewire_case_validate(TEXT("{}"), &why) != OK && casewire_error_json(why).size != 0);
    casewire_error_free(why);
    CHECK_STATUS(OK, submit_case(connector, "1", 100, now, &operation, &error));
    while (!(is_over && kind == CASEWIRE_STEP_IDLE) && failures == 0) {
        casewire_step *step = NULL;
        casewire_answer *answer = NULL;
        CHECK_STATUS(OK, casewire_connector_poll(connector, now, &step, &error));
        kind = casewire_step_kind(step);
        CHECK(casewire_step_json(step).size != 0);
        is_over = is_over || (kind == CASEWIRE_STEP_FINISHED && casewire_step_operation_id(step) == operation);
        if (kind != CASEWIRE_STEP_IDLE && kind != CASEWIRE_STEP_FINISHED) {
            CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
            if (kind == CASEWIRE_STEP_STORE) {
                CHECK_STATUS(OK, casewire_memory_store_perform(store, step, answer, &error));
            } else if (kind == CASEWIRE_STEP_HTTP) {
                CHECK_STATUS(OK, casewire_answer_set_failed(answer, CASEWIRE_FAILURE_NOT_SENT, TEXT("no network"),
                                                            &error));
            } else {
                if (kind == CASEWIRE_STEP_TIMER)
                    now = casewire_step_deadline_ms(step);
                CHECK_STATUS(OK, casewire_answer_set_done(answer, &error));
            }
            CHECK_STATUS(OK, casewire_connector_answer(connector, answer, now, &error));
            casewire_answer_free(answer);
        }
        casewire_step_free(step);
    }
    CHECK_STATUS(OK, submit_case(connector, "2", 100, now, &operation, &error));
    CHECK_STATUS(OK, casewire_connector_cancel(connector, operation, now, &error));
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
}

int main(void)
{
    mark("casewire begins\n");
    work();
    mark("casewire has ended\n");
    (void)NO_BODY;
    return report("quiet");
}
