/*
 * What it costs to give the library a text of 2.5 kB, which it checks and copies, and to take one of 1.5 kB from it, which
 * is copied out: prints nanoseconds for both together, the best of several rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "casewire.h"

enum { ROUNDS = 20, CALLS = 20000, IN = 2500, OUT = 1500 };

static const char CONFIGURATION[] =
    "{\"version\": 1, \"instance\": \"boundary\","
    " \"connection\": {\"site\": \"https://psa.test\", \"company_id\": \"acme\","
    "   \"client_id\": \"6f1f6f0e-3c1d-4a52-9a54-0b9f5f4f9e11\"},"
    " \"routes\": [{\"name\": \"all\", \"board\": \"Help Desk\"}],"
    " \"status_map\": {\"Help Desk\": {\"to_case\": {\"New\": \"open\", \"Closed\": \"closed\"},"
    "   \"to_ticket\": {\"open\": \"New\", \"closed\": \"Closed\"}}},"
    " \"priority_map\": {\"critical\": \"Priority 1 - Emergency Response\"}}";

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(void)
{
    static uint8_t in[IN];
    casewire_connector *connector = NULL;
    casewire_step *step = NULL;
    casewire_answer *answer = NULL;
    casewire_error *error = NULL;
    casewire_text text = {in, IN};
    double best = 1e18;
    size_t sum = 0;
    memset(in, 'x', IN);
    /* An error whose JSON has about 1.5 kB. */
    casewire_config_validate(casewire_text_from_string("{\"unknown_0\": 1,\"unknown_1\": 1}"), &error);
    if (casewire_connector_new(casewire_text_from_string(CONFIGURATION), NULL, NULL, 0, &connector, NULL) != 0 ||
        casewire_connector_poll(connector, 0, &step, NULL) != 0 || casewire_answer_new(step, &answer, NULL) != 0)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        double begun = now();
        double spent;
        for (int i = 0; i < CALLS; i++) {
            casewire_text out;
            uint8_t *copy;
            if (casewire_answer_set_failed(answer, CASEWIRE_FAILURE_OTHER, text, NULL) != 0)
                return 1;
            out = casewire_error_json(error);
            copy = malloc(out.size);
            if (copy == NULL)
                return 1;
            memcpy(copy, out.data, out.size);
            sum += copy[0] == '{' ? out.size : 0;
            free(copy);
        }
        spent = (now() - begun) / CALLS;
        best = spent < best ? spent : best;
    }
    casewire_answer_free(answer);
    casewire_step_free(step);
    casewire_connector_free(connector);
    casewire_error_free(error);
    if (sum / ROUNDS / CALLS < OUT)
        return 1;
    printf("%.0f\n", best);
    return 0;
}
