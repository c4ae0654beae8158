/* Eight threads submit to one connector, poll it, answer it in both forms and cancel; every operation ends once. The
 * connector may end further ones: a case that it put off, and that its start then finds in the store, is gone on with. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 8, CASES = 25, CANCELLED = 5, IDS = 65536 };

static casewire_connector *connector;
static casewire_memory_store *store;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* How many threads have submitted all of their cases, their operations, and how often each operation ended. */
static int submitters;
static uint64_t operations[THREADS][CASES];
static unsigned char ended[IDS];
/* The time stands still until there is nothing else to do, and then moves on to the next deadline. */
static int64_t now = 1549847234000;

static int all_submitted(int more)
{
    int all;
    pthread_mutex_lock(&mutex);
    submitters += more;
    all = submitters == THREADS;
    pthread_mutex_unlock(&mutex);
    return all;
}

static void count_end(uint64_t operation)
{
    pthread_mutex_lock(&mutex);
    CHECK(operation < IDS);
    if (operation < IDS)
        ended[operation]++;
    pthread_mutex_unlock(&mutex);
}

/* Whether a step says that all is done. */
static int nothing_left(const casewire_step *step)
{
    return casewire_step_operations_left(step) == 0 && casewire_step_effects_left(step) == 0;
}

static int64_t time_at_least(int64_t time)
{
    int64_t result;
    pthread_mutex_lock(&mutex);
    if (now < time)
        now = time;
    result = now;
    pthread_mutex_unlock(&mutex);
    return result;
}

/* Says which call failed, and how. */
static void *failed_in(const char *call, casewire_error *why, void *argument)
{
    casewire_text message = casewire_error_message(why);
    fprintf(stderr, "%s: status %d: %.*s\n", call, (int)casewire_error_status(why), (int)message.size,
            (const char *)message.data);
    casewire_error_free(why);
    return argument;
}

static casewire_status perform(const casewire_step *step, casewire_answer *answer, casewire_error **why)
{
    switch (casewire_step_kind(step)) {
    case CASEWIRE_STEP_STORE:
        return casewire_memory_store_perform(store, step, answer, why);
    case CASEWIRE_STEP_TIMER:
        time_at_least(casewire_step_deadline_ms(step));
        return casewire_answer_set_done(answer, why);
    case CASEWIRE_STEP_HTTP:
        return casewire_answer_set_failed(answer, CASEWIRE_FAILURE_NOT_SENT, TEXT("no network"), why);
    default:
        return casewire_answer_set_done(answer, why);
    }
}

/* Takes a status for success that another thread may have brought about. */
static casewire_status unless(casewire_status expected, casewire_status status, casewire_error **why)
{
    if (status != expected)
        return status;
    casewire_error_free(*why);
    *why = NULL;
    return OK;
}

/* Answers an effect. One that was cancelled while this thread performed it wants no answer any more. */
static casewire_status answer_to(const casewire_step *step, casewire_error **why)
{
    casewire_answer *answer = NULL;
    uint64_t id = casewire_step_effect_id(step);
    casewire_status status;
    if (casewire_step_kind(step) == CASEWIRE_STEP_HTTP && id % 2 == 0) {
        casewire_text failed = TEXT("{\"failed\": {\"kind\": \"not_sent\", \"message\": \"no network\"}}");
        return unless(CASEWIRE_STATUS_STALE_EFFECT,
                      casewire_connector_resolve(connector, id, failed, NO_BODY, time_at_least(0), why), why);
    }
    status = casewire_answer_new(step, &answer, why);
    if (status == OK)
        status = perform(step, answer, why);
    if (status == OK)
        status = unless(CASEWIRE_STATUS_STALE_EFFECT,
                        casewire_connector_answer(connector, answer, time_at_least(0), why), why);
    casewire_answer_free(answer);
    return status;
}

static void *work(void *argument)
{
    int number = *(int *)argument;
    int done = 0;
    casewire_error *why = NULL;
    for (int i = 0; i < CASES; i++) {
        char id[32];
        uint64_t *operation = &operations[number][i];
        snprintf(id, sizeof id, "%d-%d", number, i);
        if (submit_case(connector, id, 10, time_at_least(0), operation, &why) != OK)
            return failed_in("submit", why, argument);
        /* Another thread may have worked on it, and finished it, by now. */
        if (i % CANCELLED == 0 &&
            unless(CASEWIRE_STATUS_UNKNOWN_OPERATION,
                   casewire_connector_cancel(connector, *operation, time_at_least(0), &why), &why) != OK)
            return failed_in("cancel", why, argument);
    }
    all_submitted(1);
    while (!done) {
        casewire_step *step = NULL;
        uint32_t kind;
        int all = all_submitted(0);
        if (casewire_connector_poll(connector, time_at_least(0), &step, &why) != OK)
            return failed_in("poll", why, argument);
        kind = casewire_step_kind(step);
        if (kind == CASEWIRE_STEP_FINISHED) {
            count_end(casewire_step_operation_id(step));
        } else if (kind == CASEWIRE_STEP_IDLE) {
            done = all && nothing_left(step);
        } else if (answer_to(step, &why) != OK) {
            casewire_step_free(step);
            return failed_in("answer", why, argument);
        }
        casewire_step_free(step);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    connector = new_connector();
    CHECK_STATUS(OK, casewire_memory_store_new(&store, &error));
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *failed = NULL;
        CHECK(pthread_join(threads[i], &failed) == 0);
        CHECK(failed == NULL);
    }
    for (int i = 0; i < THREADS * CASES; i++)
        CHECK(ended[operations[i / CASES][i % CASES]] == 1);
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
    return report("threads");
}
