/* A connector says what it does, at the levels that are asked for, while no lock is held, and no secret. */
#include "check.h"

struct lines {
    casewire_connector *connector;
    int count[5];
    char text[1 << 16];
    size_t size;
    int asks;
};

static void take(void *user_data, uint32_t level, casewire_text message)
{
    struct lines *lines = user_data;
    CHECK(level >= CASEWIRE_LOG_ERROR && level <= CASEWIRE_LOG_DEBUG);
    lines->count[level]++;
    if (lines->size + message.size + 2 < sizeof lines->text) {
        memcpy(lines->text + lines->size, message.data, message.size);
        lines->size += message.size;
        lines->text[lines->size++] = '\n';
        lines->text[lines->size] = '\0';
    }
    /* Any call is legal in here. A lock that is held would never come free. */
    if (lines->connector != NULL && lines->asks == 0) {
        lines->asks = 1;
        CHECK_STATUS(CASEWIRE_STATUS_STALE_EFFECT,
                     casewire_connector_resolve(lines->connector, UINT64_MAX, TEXT("{\"done\": {}}"), NO_BODY, START,
                                                &error));
    }
}

/* Works on a case without network until all is over, under a key that must be seen nowhere. */
static void run(struct lines *lines, uint32_t level)
{
    casewire_connector *connector = NULL;
    casewire_memory_store *store = NULL;
    casewire_credentials keys = {sizeof keys, TEXT("public"), TEXT("hunter2")};
    casewire_options options;
    uint64_t operation;
    uint32_t kind = 0;
    int64_t now = START;
    int is_over = 0;
    memset(&options, 0, sizeof options);
    memset(lines, 0, sizeof *lines);
    options.struct_size = sizeof options;
    options.log = take;
    options.log_user_data = lines;
    options.log_level = level;
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    CHECK_STATUS(OK, casewire_connector_new(TEXT(CONFIGURATION), &keys, &options, now, &connector, &error));
    lines->connector = connector;
    CHECK_STATUS(OK, submit_case(connector, "1", 10, now, &operation, &error));
    for (int i = 0; i < 200 && !(is_over && kind == CASEWIRE_STEP_IDLE); i++) {
        casewire_step *step = NULL;
        casewire_answer *answer = NULL;
        CHECK_STATUS(OK, casewire_connector_poll(connector, now, &step, &error));
        kind = casewire_step_kind(step);
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
    CHECK(is_over);
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
    CHECK(strstr(lines->text, "hunter2") == NULL && strstr(lines->text, "Basic") == NULL);
}

int main(void)
{
    static struct lines lines;
    run(&lines, CASEWIRE_LOG_DEBUG);
    CHECK(lines.count[CASEWIRE_LOG_DEBUG] > 0 && lines.count[CASEWIRE_LOG_INFO] > 0);
    CHECK(lines.count[CASEWIRE_LOG_WARNING] > 0 && lines.count[CASEWIRE_LOG_ERROR] == 0);
    CHECK(strstr(lines.text, "GET https://psa.test/") != NULL && strchr(lines.text, '?') == NULL);
    CHECK(strstr(lines.text, "failed: not_sent") != NULL);
    CHECK(lines.asks == 1);
    run(&lines, CASEWIRE_LOG_WARNING);
    CHECK(lines.count[CASEWIRE_LOG_DEBUG] == 0 && lines.count[CASEWIRE_LOG_INFO] == 0);
    CHECK(lines.count[CASEWIRE_LOG_WARNING] > 0);
    run(&lines, 0);
    CHECK(lines.size == 0);
    return report("log");
}
