/* Eight threads poll and answer one connector, and submit to it; every operation ends once. */
#include <pthread.h>

#include "check.h"

enum { THREADS = 8, CASES = 25 };

static casewire_connector *connector;
static casewire_memory_store *store;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int finished;
/* The time stands still until there is nothing else to do, and then moves on to the next deadline. */
static int64_t now = 1549847234000;

static int count_finished(int more)
{
    int count;
    pthread_mutex_lock(&mutex);
    finished += more;
    count = finished;
    pthread_mutex_unlock(&mutex);
    return count;
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

/* Answers an effect; a cancel cannot come, for nothing is cancelled. */
static casewire_status perform(const casewire_step *step, casewire_answer *answer)
{
    switch (casewire_step_kind(step)) {
    case CASEWIRE_STEP_STORE:
        return casewire_memory_store_perform(store, step, answer, NULL);
    case CASEWIRE_STEP_TIMER:
        time_at_least(casewire_step_deadline_ms(step));
        return casewire_answer_set_done(answer, NULL);
    case CASEWIRE_STEP_HTTP:
        return casewire_answer_set_failed(answer, CASEWIRE_FAILURE_NOT_SENT, TEXT("no network"), NULL);
    default:
        return casewire_answer_set_done(answer, NULL);
    }
}

static void *work(void *argument)
{
    int number = *(int *)argument;
    for (int i = 0; i < CASES; i++) {
        char id[32];
        uint64_t operation;
        snprintf(id, sizeof id, "%d-%d", number, i);
        if (submit_case(connector, id, 10, time_at_least(0), &operation, NULL) != OK)
            return argument;
    }
    while (count_finished(0) < THREADS * CASES) {
        casewire_step *step = NULL;
        casewire_answer *answer = NULL;
        uint32_t kind;
        if (casewire_connector_poll(connector, time_at_least(0), &step, NULL) != OK)
            return argument;
        kind = casewire_step_kind(step);
        if (kind == CASEWIRE_STEP_FINISHED) {
            if (casewire_step_case_id(step).size != 0)
                count_finished(1);
        } else if (kind != CASEWIRE_STEP_IDLE) {
            if (casewire_answer_new(step, &answer, NULL) != OK || perform(step, answer) != OK ||
                casewire_connector_answer(connector, answer, time_at_least(0), NULL) != OK)
                return argument;
        }
        casewire_answer_free(answer);
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
    CHECK(finished == THREADS * CASES);
    casewire_connector_free(connector);
    casewire_memory_store_free(store);
    (void)NO_BODY;
    return report("threads");
}
