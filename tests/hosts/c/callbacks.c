/* What hosts do inside the callbacks of a run. Time is the program's own, so that nothing waits. */
#include "check.h"

struct host {
    casewire_connector *connector;
    casewire_memory_store *store;
    int64_t now;
    int waits;
    int requests;
    int finished;
    casewire_status last;
    /* What the callbacks do out of the ordinary. */
    void (*in_http)(struct host *host, const casewire_step *step, casewire_answer *answer);
    void (*in_store)(struct host *host, const casewire_step *step, casewire_answer *answer);
    uint32_t stop_at_wait;
};

static int64_t now_ms(void *user_data)
{
    struct host *host = user_data;
    return host->now;
}

static void not_sent(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    (void)host;
    (void)step;
    CHECK_STATUS(OK, casewire_answer_set_failed(answer, CASEWIRE_FAILURE_NOT_SENT, TEXT("no network"), &error));
}

static void http(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    struct host *host = user_data;
    host->requests++;
    CHECK(casewire_step_http_url(step).size > 0);
    CHECK(casewire_step_http_timeout_ms(step) > 0 && casewire_step_http_max_answer(step) > 0);
    host->in_http(host, step, answer);
}

static void store(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    struct host *host = user_data;
    if (host->in_store != NULL)
        host->in_store(host, step, answer);
    else
        CHECK_STATUS(OK, casewire_memory_store_perform(host->store, step, answer, &error));
}

static void deliver(void *user_data, const casewire_step *step, casewire_answer *answer)
{
    (void)user_data;
    CHECK(casewire_step_delivery_id(step).size > 0);
    CHECK_STATUS(OK, casewire_answer_set_done(answer, &error));
}

static uint32_t wait_until(void *user_data, int64_t deadline_ms)
{
    struct host *host = user_data;
    CHECK(deadline_ms > host->now);
    host->waits++;
    if (host->stop_at_wait != 0)
        return host->stop_at_wait;
    host->now = deadline_ms;
    return 0;
}

static void finished(void *user_data, const casewire_step *step)
{
    struct host *host = user_data;
    CHECK(casewire_step_kind(step) == CASEWIRE_STEP_FINISHED);
    if (casewire_step_case_id(step).size != 0) {
        host->finished++;
        host->last = casewire_error_status(casewire_step_error(step));
    }
}

static struct host new_host(void (*in_http)(struct host *, const casewire_step *, casewire_answer *))
{
    struct host host = {0};
    host.connector = new_connector();
    host.now = START;
    host.in_http = in_http;
    CHECK_STATUS(OK, casewire_memory_store_new(&host.store, &error));
    return host;
}

static casewire_host table(struct host *host)
{
    casewire_host callbacks = {0};
    callbacks.struct_size = sizeof callbacks;
    callbacks.user_data = host;
    callbacks.now_ms = now_ms;
    callbacks.http = http;
    callbacks.store = store;
    callbacks.deliver = deliver;
    callbacks.wait_until = wait_until;
    callbacks.finished = finished;
    return callbacks;
}

static void submit(struct host *host, const char *id, uint64_t *operation)
{
    CHECK_STATUS(OK, submit_case(host->connector, id, 10, host->now, operation, &error));
}

static void free_host(struct host *host)
{
    casewire_connector_free(host->connector);
    casewire_memory_store_free(host->store);
}

static void a_case_without_network_fails_with_a_code(void)
{
    struct host host = new_host(not_sent);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_NOT_SENT);
    CHECK(host.requests > 0);
    free_host(&host);
}

static void say_nothing(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    (void)host;
    (void)step;
    (void)answer;
}

static void an_empty_answer_is_no_answer(void)
{
    struct host host = new_host(say_nothing);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_UNANSWERED);

    host.in_store = say_nothing;
    submit(&host, "2", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 2 && host.last == CASEWIRE_STATUS_STORE_FAILED);
    free_host(&host);
}

static void answer_wrongly(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    (void)host;
    (void)step;
    CHECK_STATUS(OK, casewire_answer_set_done(answer, &error));
}

static void an_answer_of_the_wrong_kind_is_a_failure(void)
{
    struct host host = new_host(answer_wrongly);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_UNANSWERED);
    free_host(&host);
}

static void resolve_inside(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    casewire_text failed = TEXT("{\"failed\": {\"kind\": \"not_sent\", \"message\": \"no network\"}}");
    uint64_t id = casewire_step_effect_id(step);
    (void)answer;
    CHECK_STATUS(OK, casewire_connector_resolve(host->connector, id, failed, NO_BODY, host->now, &error));
    CHECK_STATUS(CASEWIRE_STATUS_STALE_EFFECT,
                 casewire_connector_resolve(host->connector, id, failed, NO_BODY, host->now, &error));
}

static void a_callback_may_resolve_by_itself(void)
{
    struct host host = new_host(resolve_inside);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_NOT_SENT);
    free_host(&host);
}

static void submit_poll_and_run_inside(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    casewire_host callbacks = table(host);
    uint64_t operation;
    host->in_http = not_sent;
    submit(host, "2", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host->connector, &callbacks, &error));
    not_sent(host, step, answer);
}

static void a_callback_may_submit_and_run(void)
{
    struct host host = new_host(submit_poll_and_run_inside);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 2);
    free_host(&host);
}

static void cancel_inside(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    uint64_t operation = casewire_step_operation_id(step);
    CHECK_STATUS(OK, casewire_connector_cancel(host->connector, operation, host->now, &error));
    not_sent(host, step, answer);
}

static void a_callback_may_cancel_its_operation(void)
{
    struct host host = new_host(cancel_inside);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_CANCELLED);
    CHECK(host.requests == 1);
    CHECK_STATUS(CASEWIRE_STATUS_UNKNOWN_OPERATION,
                 casewire_connector_cancel(host.connector, operation, host.now, &error));
    free_host(&host);
}

static void free_inside(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    casewire_connector_free(host->connector);
    host->connector = NULL;
    not_sent(host, step, answer);
}

static void a_callback_may_free_the_connector(void)
{
    struct host host = new_host(free_inside);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(CASEWIRE_STATUS_CANCELLED, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.requests == 1 && host.finished == 0);
    free_host(&host);
}

static void a_run_that_was_ended_goes_on(void)
{
    struct host host = new_host(not_sent);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    host.stop_at_wait = 1;
    CHECK_STATUS(CASEWIRE_STATUS_CANCELLED, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.waits == 1 && host.finished == 0);
    host.stop_at_wait = 0;
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_NOT_SENT);
    free_host(&host);
}

static void a_cancel_ends_a_wait(void)
{
    struct host host = new_host(not_sent);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    host.stop_at_wait = 1;
    CHECK_STATUS(CASEWIRE_STATUS_CANCELLED, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK_STATUS(OK, casewire_connector_cancel(host.connector, operation, host.now, &error));
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.waits == 1 && host.finished == 1 && host.last == CASEWIRE_STATUS_CANCELLED);
    free_host(&host);
}

static void answer_too_much(struct host *host, const casewire_step *step, casewire_answer *answer)
{
    static const uint8_t bytes[1 << 16];
    casewire_slice piece = {bytes, sizeof bytes};
    uint64_t sent = 0;
    casewire_status status = OK;
    (void)host;
    CHECK_STATUS(OK, casewire_answer_set_http(answer, 200, &error));
    CHECK_STATUS(OK, casewire_answer_add_header(answer, TEXT("content-type"), TEXT("application/json"), &error));
    while (status == OK && sent <= casewire_step_http_max_answer(step)) {
        status = casewire_answer_add_body(answer, piece, NULL);
        sent += sizeof bytes;
    }
    CHECK(status == CASEWIRE_STATUS_ANSWER_TOO_LARGE);
    CHECK(casewire_answer_add_body(answer, piece, NULL) == CASEWIRE_STATUS_ANSWER_TOO_LARGE);
}

static void an_answer_has_a_bound(void)
{
    struct host host = new_host(answer_too_much);
    casewire_host callbacks = table(&host);
    uint64_t operation;
    submit(&host, "1", &operation);
    CHECK_STATUS(OK, casewire_connector_run(host.connector, &callbacks, &error));
    CHECK(host.finished == 1 && host.last == CASEWIRE_STATUS_ANSWER_TOO_LARGE);
    free_host(&host);
}

int main(void)
{
    a_case_without_network_fails_with_a_code();
    an_empty_answer_is_no_answer();
    an_answer_of_the_wrong_kind_is_a_failure();
    a_callback_may_resolve_by_itself();
    a_callback_may_submit_and_run();
    a_callback_may_cancel_its_operation();
    a_callback_may_free_the_connector();
    a_run_that_was_ended_goes_on();
    a_cancel_ends_a_wait();
    an_answer_has_a_bound();
    return report("callbacks");
}
