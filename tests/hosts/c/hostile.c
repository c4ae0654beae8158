/* A caller that does everything wrong gets statuses, never a crash. */
#include "check.h"

static void null_pointers(void)
{
    casewire_connector *connector = new_connector();
    casewire_step *step = NULL;
    casewire_answer *answer = NULL;
    casewire_memory_store *store = NULL;
    casewire_text nowhere = {NULL, 5};
    casewire_slice nothing = {NULL, 5};
    casewire_credentials credentials = {sizeof credentials, {NULL, 5}, {NULL, 0}};
    casewire_options options = {sizeof options, {NULL, 5}, 0, {NULL, 0}, NULL, NULL, 0, 0};
    casewire_host host = {0};
    uint64_t operation = 42;
    const casewire_status null = CASEWIRE_STATUS_NULL_POINTER;

    host.struct_size = sizeof host;
    CHECK_STATUS(null, casewire_config_validate(nowhere, &error));
    CHECK_STATUS(null, casewire_case_validate(nowhere, &error));
    CHECK_STATUS(null, casewire_connector_new(nowhere, NULL, NULL, START, &connector, &error));
    CHECK_STATUS(null, casewire_connector_new(TEXT(CONFIGURATION), NULL, NULL, START, NULL, &error));
    CHECK_STATUS(null, casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error));
    CHECK_STATUS(null, casewire_connector_new(TEXT(CONFIGURATION), NULL, &options, START, &connector, &error));
    CHECK_STATUS(null, casewire_connector_submit(NULL, TEXT("{}"), START, &operation, &error));
    CHECK_STATUS(null, casewire_connector_submit(connector, nowhere, START, &operation, &error));
    CHECK_STATUS(null, casewire_connector_submit(connector, TEXT("{\"command\": \"resume\"}"), START, NULL, &error));
    CHECK_STATUS(null, casewire_connector_submit_case(NULL, TEXT("{}"), START, &operation, &error));
    CHECK_STATUS(null, casewire_connector_submit_case(connector, nowhere, START, &operation, &error));
    CHECK_STATUS(null, submit_case(connector, "1", 0, START, NULL, &error));
    CHECK_STATUS(null, casewire_connector_poll(NULL, START, &step, &error));
    CHECK_STATUS(null, casewire_connector_poll(connector, START, NULL, &error));
    CHECK_STATUS(null, casewire_connector_resolve(NULL, 1, TEXT("{}"), NO_BODY, START, &error));
    CHECK_STATUS(null, casewire_connector_resolve(connector, 1, nowhere, NO_BODY, START, &error));
    CHECK_STATUS(null, casewire_connector_resolve(connector, 1, TEXT("{}"), nothing, START, &error));
    CHECK_STATUS(null, casewire_connector_cancel(NULL, 1, START, &error));
    CHECK_STATUS(null, casewire_connector_answer(NULL, NULL, START, &error));
    CHECK_STATUS(null, casewire_connector_answer(connector, NULL, START, &error));
    CHECK_STATUS(null, casewire_connector_run(NULL, &host, &error));
    CHECK_STATUS(null, casewire_connector_run(connector, NULL, &error));
    CHECK_STATUS(null, casewire_connector_run(connector, &host, &error));
    CHECK_STATUS(null, casewire_memory_store_new(NULL, &error));
    CHECK(operation == 42 && step == NULL);

    CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
    CHECK(casewire_step_kind(step) == CASEWIRE_STEP_STORE);
    CHECK_STATUS(null, casewire_answer_new(NULL, &answer, &error));
    CHECK_STATUS(null, casewire_answer_new(step, NULL, &error));
    CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
    CHECK_STATUS(null, casewire_answer_set_http(NULL, 200, &error));
    CHECK_STATUS(null, casewire_answer_add_header(NULL, TEXT("a"), TEXT("b"), &error));
    CHECK_STATUS(null, casewire_answer_add_header(answer, nowhere, TEXT("b"), &error));
    CHECK_STATUS(null, casewire_answer_add_header(answer, TEXT("a"), nowhere, &error));
    CHECK_STATUS(null, casewire_answer_add_body(NULL, NO_BODY, &error));
    CHECK_STATUS(null, casewire_answer_add_body(answer, nothing, &error));
    CHECK_STATUS(null, casewire_answer_set_done(NULL, &error));
    CHECK_STATUS(null, casewire_answer_set_fetched(NULL, &error));
    CHECK_STATUS(null, casewire_answer_set_stored(NULL, 4, TEXT(""), &error));
    CHECK_STATUS(null, casewire_answer_set_failed(NULL, CASEWIRE_FAILURE_OTHER, TEXT(""), &error));
    CHECK_STATUS(null, casewire_answer_set_failed(answer, CASEWIRE_FAILURE_OTHER, nowhere, &error));
    CHECK_STATUS(null, casewire_answer_set_json(NULL, TEXT("{}"), NO_BODY, &error));
    CHECK_STATUS(null, casewire_answer_set_json(answer, nowhere, NO_BODY, &error));
    CHECK_STATUS(null, casewire_answer_set_json(answer, TEXT("{}"), nothing, &error));
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    CHECK_STATUS(null, casewire_memory_store_perform(NULL, step, answer, &error));
    CHECK_STATUS(null, casewire_memory_store_perform(store, NULL, answer, &error));
    CHECK_STATUS(null, casewire_memory_store_perform(store, step, NULL, &error));
    CHECK(casewire_connector_poll(NULL, START, &step, NULL) == null);

    casewire_answer_free(answer);
    casewire_step_free(step);
    casewire_memory_store_free(store);
    casewire_connector_free(connector);
}

static void accessors_of_nothing(void)
{
    CHECK(casewire_step_kind(NULL) == 0);
    CHECK(casewire_step_effect_id(NULL) == 0);
    CHECK(casewire_step_operation_id(NULL) == 0);
    CHECK(casewire_step_json(NULL).size == 0);
    CHECK(casewire_step_http_method(NULL).size == 0);
    CHECK(casewire_step_http_url(NULL).size == 0);
    CHECK(casewire_step_http_header_count(NULL) == 0);
    CHECK(casewire_step_http_header_name(NULL, 0).size == 0);
    CHECK(casewire_step_http_header_value(NULL, 0).size == 0);
    CHECK(casewire_step_http_timeout_ms(NULL) == 0);
    CHECK(casewire_step_http_max_answer(NULL) == 0);
    CHECK(casewire_step_http_not_after_ms(NULL) == INT64_MAX);
    CHECK(casewire_step_http_store_as(NULL).size == 0);
    CHECK(casewire_step_body_count(NULL) == 0);
    CHECK(casewire_step_body_size(NULL) == 0);
    CHECK(casewire_step_body_piece_size(NULL, 0) == 0);
    CHECK(casewire_step_body_piece(NULL, 0).size == 0);
    CHECK(casewire_step_body_attachment(NULL, 0).size == 0);
    CHECK(casewire_step_error(NULL) == NULL);
    CHECK(casewire_step_case_id(NULL).size == 0);
    CHECK(casewire_step_ticket_id(NULL) == 0);
    CHECK(casewire_step_delivery_id(NULL).size == 0);
    CHECK(casewire_step_deadline_ms(NULL) == 0);
    CHECK(casewire_step_token(NULL).size == 0);
    CHECK(casewire_step_cancel_target(NULL) == 0);
    CHECK(casewire_step_operations_left(NULL) == 0);
    CHECK(casewire_step_effects_left(NULL) == 0);
    CHECK(casewire_error_status(NULL) == OK);
    CHECK(casewire_error_message(NULL).size == 0);
    CHECK(casewire_error_json(NULL).size == 0);
    CHECK(casewire_error_can_retry(NULL) == 0);
    CHECK(casewire_text_from_string(NULL).size == 0);
    CHECK(casewire_text_from_string(NULL).data != NULL);
    CHECK(casewire_status_name(123456).size == 0);
    casewire_step_free(NULL);
    casewire_answer_free(NULL);
    casewire_error_free(NULL);
    casewire_connector_free(NULL);
    casewire_memory_store_free(NULL);
}

static void bad_text(void)
{
    casewire_connector *connector = new_connector();
    casewire_connector *other = NULL;
    casewire_text broken = {(const uint8_t *)"{\"a\": \"\xff\"}", 10};
    casewire_text endless = {(const uint8_t *)"{}", SIZE_MAX};
    casewire_text with_nul = {(const uint8_t *)"{\0}", 3};
    casewire_slice endless_body = {(const uint8_t *)"", SIZE_MAX / 2 + 1};
    uint64_t operation;

    CHECK_STATUS(CASEWIRE_STATUS_INVALID_UTF8, casewire_config_validate(broken, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_UTF8, casewire_connector_new(broken, NULL, NULL, START, &other, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_UTF8, casewire_connector_submit(connector, broken, START, &operation, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_UTF8, casewire_connector_submit_case(connector, broken, START, &operation, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_UTF8, casewire_connector_resolve(connector, 1, broken, NO_BODY, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_TOO_LONG, casewire_config_validate(endless, &error));
    CHECK_STATUS(CASEWIRE_STATUS_TOO_LONG, casewire_connector_submit(connector, endless, START, &operation, &error));
    CHECK_STATUS(CASEWIRE_STATUS_TOO_LONG, casewire_connector_resolve(connector, 1, TEXT("{}"), endless_body, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_MALFORMED_JSON, casewire_config_validate(with_nul, &error));
    CHECK_STATUS(CASEWIRE_STATUS_MALFORMED_JSON, casewire_config_validate(TEXT(""), &error));
    CHECK_STATUS(CASEWIRE_STATUS_MALFORMED_JSON, casewire_connector_submit(connector, TEXT("rm -rf"), START, &operation, &error));
    CHECK_STATUS(CASEWIRE_STATUS_MALFORMED_JSON, casewire_connector_resolve(connector, 1, TEXT("]"), NO_BODY, START, &error));
    CHECK(other == NULL);
    casewire_connector_free(connector);
}

/* Deep nesting, and bytes of every kind. */
static void garbage(void)
{
    casewire_connector *connector = new_connector();
    static uint8_t bytes[1 << 16];
    casewire_text text = {bytes, sizeof bytes};
    uint64_t operation;
    uint32_t random = 12345;

    memset(bytes, '[', sizeof bytes);
    CHECK(casewire_config_validate(text, NULL) != OK);
    CHECK(casewire_connector_submit(connector, text, START, &operation, NULL) != OK);
    for (int round = 0; round < 200; round++) {
        static const char alphabet[] = "{}[]\",:0123456789-.eE\\u truefalsn";
        text.size = 64;
        for (size_t i = 0; i < text.size; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = (uint8_t)alphabet[(random >> 16) % (sizeof alphabet - 1)];
        }
        CHECK(casewire_case_validate(text, NULL) != OK);
        CHECK(casewire_connector_resolve(connector, 1, text, NO_BODY, START, NULL) != OK);
    }
    casewire_connector_free(connector);
}

static void sizes_of_structs(void)
{
    casewire_connector *connector = NULL;
    casewire_credentials credentials = {0, TEXT("public"), TEXT("private")};
    struct {
        casewire_options known;
        uint64_t unknown;
    } newer = {{sizeof newer, {NULL, 0}, 7, {NULL, 0}, NULL, NULL, 0, 0}, 1};

    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error));
    credentials.struct_size = (size_t)-1;
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_connector_new(TEXT(CONFIGURATION), NULL, &newer.known, START, &connector, &error));
    CHECK(connector == NULL);
    newer.unknown = 0;
    credentials.struct_size = sizeof credentials;
    CHECK_STATUS(OK, casewire_connector_new(TEXT(CONFIGURATION), &credentials, &newer.known, START, &connector, &error));
    casewire_connector_free(connector);
}

static void bad_keys(void)
{
    casewire_connector *connector = NULL;
    casewire_credentials credentials = {sizeof credentials, TEXT("public"), {NULL, 0}};
    casewire_error *error = NULL;
    CHECK(casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error) ==
          CASEWIRE_STATUS_MISSING_KEY);
    casewire_error_free(error);
    error = NULL;
    credentials.private_key = TEXT("hunter2 ");
    CHECK(casewire_connector_new(TEXT(CONFIGURATION), &credentials, NULL, START, &connector, &error) !=
          OK);
    CHECK(!contains(casewire_error_json(error), "hunter2"));
    casewire_error_free(error);
}

static void every_fault_at_once(void)
{
    casewire_error *error = NULL;
    casewire_text json;
    CHECK(casewire_config_validate(TEXT("{\"version\": 1, \"instanze\": \"a\", \"routes\": 7}"), &error) != OK);
    json = casewire_error_json(error);
    CHECK(json.size > 0 && json.data[0] == '{');
    CHECK(contains(json, "/instanze"));
    CHECK(contains(json, "/routes"));
    CHECK(casewire_error_can_retry(error) == 0);
    casewire_error_free(error);
}

static void large_cases(void)
{
    casewire_connector *connector = new_connector();
    uint64_t operation = 0;
    CHECK_STATUS(CASEWIRE_STATUS_TOO_LONG, submit_case(connector, "1", 10 << 20, START, &operation, &error));
    CHECK(operation == 0);
    CHECK_STATUS(OK, submit_case(connector, "1", 1000 * 1000, START, &operation, &error));
    CHECK(operation != 0);
    casewire_connector_free(connector);
}

static void answers(void)
{
    casewire_connector *connector = new_connector();
    casewire_memory_store *store = NULL;
    casewire_step *step = NULL;
    casewire_step *idle = NULL;
    casewire_answer *answer = NULL;
    uint64_t id;
    casewire_text done = TEXT("{\"done\": {}}");

    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
    CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
    id = casewire_step_effect_id(step);

    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_connector_answer(connector, answer, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_answer_add_header(answer, TEXT("a"), TEXT("b"), &error));
    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_answer_add_body(answer, NO_BODY, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_answer_set_http(answer, 99, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_answer_set_http(answer, 65536 + 200, &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_answer_set_failed(answer, 0, TEXT(""), &error));
    CHECK_STATUS(CASEWIRE_STATUS_INVALID_VALUE, casewire_answer_set_failed(answer, 999, TEXT(""), &error));
    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_connector_resolve(connector, id, done, NO_BODY, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_STALE_EFFECT, casewire_connector_resolve(connector, 0, done, NO_BODY, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_STALE_EFFECT, casewire_connector_resolve(connector, UINT64_MAX, done, NO_BODY, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_UNKNOWN_OPERATION, casewire_connector_cancel(connector, UINT64_MAX, START, &error));

    CHECK_STATUS(OK, casewire_memory_store_perform(store, step, answer, &error));
    CHECK_STATUS(OK, casewire_connector_answer(connector, answer, START, &error));
    CHECK_STATUS(OK, casewire_memory_store_perform(store, step, answer, &error));
    CHECK_STATUS(CASEWIRE_STATUS_STALE_EFFECT, casewire_connector_answer(connector, answer, START, &error));
    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_connector_answer(connector, answer, START, &error));

    /* What outlives the connector stays usable. */
    casewire_connector_free(connector);
    CHECK(casewire_step_json(step).size > 0);
    CHECK_STATUS(OK, casewire_answer_set_done(answer, &error));
    casewire_step_free(step);
    casewire_answer_free(answer);

    /* A step that is no effect takes no answer. */
    connector = new_connector();
    for (int i = 0; i < 100 && idle == NULL; i++) {
        CHECK_STATUS(OK, casewire_connector_poll(connector, START, &step, &error));
        if (casewire_step_kind(step) == CASEWIRE_STEP_IDLE) {
            idle = step;
        } else if (casewire_step_kind(step) == CASEWIRE_STEP_STORE) {
            CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
            CHECK_STATUS(OK, casewire_memory_store_perform(store, step, answer, &error));
            CHECK_STATUS(OK, casewire_connector_answer(connector, answer, START, &error));
            casewire_answer_free(answer);
            casewire_step_free(step);
        } else {
            CHECK(casewire_step_kind(step) == CASEWIRE_STEP_FINISHED);
            casewire_step_free(step);
        }
    }
    CHECK(casewire_step_operations_left(idle) == 0 && casewire_step_effects_left(idle) == 0);
    answer = NULL;
    CHECK_STATUS(CASEWIRE_STATUS_WRONG_ANSWER, casewire_answer_new(idle, &answer, &error));
    CHECK(answer == NULL);
    casewire_step_free(idle);
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
}

int main(void)
{
    null_pointers();
    accessors_of_nothing();
    bad_text();
    garbage();
    sizes_of_structs();
    bad_keys();
    every_fault_at_once();
    large_cases();
    answers();
    return report("hostile");
}
