/*
 * What a sound call is made of, for the program that `cargo xtask test` writes of the header: it calls every function with
 * each of its arguments wrong in turn, and in every state that its object can be in.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include "../c/check.h"

/* Only a debug build has it: the connector meets a fault of its own. */
casewire_status casewire_connector_provoke(casewire_connector *connector, casewire_error **error);

enum { STEPS = 200 };

/* What every call is given, and what it makes, which is freed after it. */
static casewire_connector *connector;
static casewire_connector *poisoned;
static casewire_memory_store *store;
static casewire_step *steps[STEPS];
static int step_count;
static const casewire_step *step;
static casewire_answer *answer;
static casewire_bytes *bytes;
static casewire_error *failure;
static casewire_error *sample_error;
static uint64_t number;
static char case_json[1024];
static casewire_step_view step_view;
static casewire_error_view error_view;
static casewire_host host;

static casewire_connector *made_connector;
static casewire_answer *made_answer;
static casewire_step *made_step;
static casewire_memory_store *made_store;
static casewire_bytes *made_bytes;

static const casewire_text nowhere = {NULL, 1};
static const casewire_text endless = {(const uint8_t *)"{}", SIZE_MAX};
static const casewire_text broken = {(const uint8_t *)"{\"\xff\"}", 5};
static const casewire_slice no_bytes = {NULL, 1};
static const casewire_slice endless_bytes = {(const uint8_t *)"{}", SIZE_MAX};

static int64_t stopped_clock(void *user_data)
{
    (void)user_data;
    return START;
}

static uint32_t no_wait(void *user_data, int64_t deadline_ms)
{
    (void)user_data;
    (void)deadline_ms;
    return 1;
}

static void no_answer(void *user_data, const casewire_step *asked, casewire_answer *given)
{
    (void)user_data;
    (void)asked;
    (void)given;
}

/* Frees what a call made. */
static void clean(void)
{
    casewire_connector_free(made_connector);
    casewire_answer_free(made_answer);
    casewire_step_free(made_step);
    casewire_memory_store_free(made_store);
    casewire_bytes_free(made_bytes);
    casewire_error_free(failure);
    made_connector = NULL;
    made_answer = NULL;
    made_step = NULL;
    made_store = NULL;
    made_bytes = NULL;
    failure = NULL;
}

/* Polls and answers until there is nothing to do, and keeps every step: the store is one in memory, and there is no network. */
static void collect_steps(casewire_connector *from)
{
    int64_t now = START;
    uint32_t kind = 0;
    while (kind != CASEWIRE_STEP_IDLE && step_count < STEPS) {
        casewire_step *next = NULL;
        casewire_answer *given = NULL;
        CHECK_STATUS(OK, casewire_connector_poll(from, now, &next, &error));
        steps[step_count++] = next;
        kind = casewire_step_kind(next);
        if (kind == CASEWIRE_STEP_IDLE || kind == CASEWIRE_STEP_FINISHED)
            continue;
        CHECK_STATUS(OK, casewire_answer_new(next, &given, &error));
        if (kind == CASEWIRE_STEP_STORE) {
            CHECK_STATUS(OK, casewire_memory_store_perform(store, next, given, &error));
        } else if (kind == CASEWIRE_STEP_HTTP) {
            casewire_answer_set_failed(given, CASEWIRE_FAILURE_NOT_SENT, TEXT("no network"), NULL);
        } else {
            if (kind == CASEWIRE_STEP_TIMER)
                now = casewire_step_deadline_ms(next);
            CHECK_STATUS(OK, casewire_answer_set_done(given, &error));
        }
        CHECK_STATUS(OK, casewire_connector_answer(from, given, now, &error));
        casewire_answer_free(given);
    }
}

static void make_samples(void)
{
    uint64_t operation;
    int kinds = 0;
    sprintf(case_json, CASE_FORM, "1", "It was cleared.");
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    connector = new_connector();
    collect_steps(connector);
    CHECK_STATUS(OK, casewire_connector_submit_case(connector, TEXT(case_json), START, &operation, &error));
    collect_steps(connector);
    for (int i = 0; i < step_count; i++) {
        kinds |= 1 << casewire_step_kind(steps[i]);
        if (casewire_step_kind(steps[i]) == CASEWIRE_STEP_HTTP)
            step = steps[i];
    }
    CHECK((kinds & 1 << CASEWIRE_STEP_IDLE) && (kinds & 1 << CASEWIRE_STEP_FINISHED) && (kinds & 1 << CASEWIRE_STEP_TIMER));
    CHECK((kinds & 1 << CASEWIRE_STEP_STORE) && (kinds & 1 << CASEWIRE_STEP_HTTP));
    CHECK_STATUS(OK, casewire_answer_new(step, &answer, &error));
    CHECK_STATUS(OK, casewire_config_preset(TEXT("netsurion"), &bytes, &error));
    CHECK(casewire_case_validate(TEXT("{}"), &sample_error) != OK);
    poisoned = new_connector();
    CHECK_STATUS(CASEWIRE_STATUS_INTERNAL, casewire_connector_provoke(poisoned, &error));
    host.struct_size = sizeof host;
    host.now_ms = stopped_clock;
    host.http = no_answer;
    host.store = no_answer;
    host.deliver = no_answer;
    host.wait_until = no_wait;
    step_view.struct_size = sizeof step_view;
    error_view.struct_size = sizeof error_view;
}

static void free_samples(void)
{
    clean();
    for (int i = 0; i < step_count; i++)
        casewire_step_free(steps[i]);
    casewire_answer_free(answer);
    casewire_bytes_free(bytes);
    casewire_error_free(sample_error);
    casewire_connector_free(connector);
    casewire_connector_free(poisoned);
    casewire_memory_store_free(store);
    (void)number;
}

/* Whether a call that a fault in an argument has to fail did so, and said why where it was asked. */
static void refused(const char *call, casewire_status status, casewire_status expected)
{
    if (status != expected || casewire_error_status(failure) != status) {
        fprintf(stderr, "%s: status %d and not %d\n", call, (int)status, (int)expected);
        failures++;
    }
    clean();
}

/* Whether a call that may go well did not crash, and its error belongs to its status. */
static void survived(const char *call, casewire_status status)
{
    if (failure != NULL && casewire_error_status(failure) != status) {
        fprintf(stderr, "%s: status %d, and its error says %d\n", call, (int)status,
                (int)casewire_error_status(failure));
        failures++;
    }
    clean();
}

#endif
