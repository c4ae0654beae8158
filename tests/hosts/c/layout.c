/* The binary layout that bindings in other languages are written against. */
#include <limits.h>

#include "check.h"

/* Fails to compile where it does not hold; C99 has no static assertion of its own. */
#define HOLDS(name, condition) typedef char name[(condition) ? 1 : -1]

HOLDS(status_is_32_bits, sizeof(casewire_status) == 4 && (casewire_status)-1 < 0);
HOLDS(text_is_two_words, sizeof(casewire_text) == 2 * sizeof(void *));
HOLDS(text_begins_with_data, offsetof(casewire_text, data) == 0);
HOLDS(text_ends_with_size, offsetof(casewire_text, size) == sizeof(void *));
HOLDS(slice_is_two_words, sizeof(casewire_slice) == 2 * sizeof(void *));
HOLDS(slice_begins_with_data, offsetof(casewire_slice, data) == 0);
HOLDS(by_value_is_small, sizeof(casewire_text) <= 16 && sizeof(casewire_slice) <= 16);
HOLDS(credentials_begin_with_size, offsetof(casewire_credentials, struct_size) == 0);
HOLDS(credentials_public_key, offsetof(casewire_credentials, public_key) == sizeof(void *));
HOLDS(credentials_private_key, offsetof(casewire_credentials, private_key) == 3 * sizeof(void *));
HOLDS(options_begin_with_size, offsetof(casewire_options, struct_size) == 0);
HOLDS(options_client_id, offsetof(casewire_options, client_id) == sizeof(void *));
HOLDS(options_seed, offsetof(casewire_options, seed) % 8 == 0);
HOLDS(options_callback_secret, offsetof(casewire_options, callback_secret) == 24 + sizeof(void *));
HOLDS(options_log, offsetof(casewire_options, log) == 24 + 3 * sizeof(void *));
HOLDS(options_log_level, offsetof(casewire_options, log_level) == 24 + 5 * sizeof(void *));
HOLDS(header_is_two_texts, sizeof(casewire_header) == 2 * sizeof(casewire_text));
HOLDS(piece_attachment, offsetof(casewire_piece, attachment) == sizeof(casewire_slice));
HOLDS(piece_size, offsetof(casewire_piece, size) == 2 * sizeof(casewire_slice));
HOLDS(step_view_begins_with_size, offsetof(casewire_step_view, struct_size) == 0);
HOLDS(step_view_kind, offsetof(casewire_step_view, kind) == sizeof(void *));
HOLDS(step_view_effect_id, offsetof(casewire_step_view, effect_id) == 8 + sizeof(void *));
HOLDS(step_view_body_size, offsetof(casewire_step_view, body_size) == 8 + 8 * 8 + sizeof(void *));
HOLDS(step_view_case_id, offsetof(casewire_step_view, case_id) == 8 + 9 * 8 + sizeof(void *));
HOLDS(step_view_json, offsetof(casewire_step_view, json) == 8 + 9 * 8 + 13 * sizeof(void *));
HOLDS(step_view_headers, offsetof(casewire_step_view, headers) == 8 + 9 * 8 + 15 * sizeof(void *));
HOLDS(step_view_error, offsetof(casewire_step_view, error) == 8 + 9 * 8 + 19 * sizeof(void *));
HOLDS(step_view_ends, sizeof(casewire_step_view) == 8 + 9 * 8 + 22 * sizeof(void *));
HOLDS(error_view_status, offsetof(casewire_error_view, status) == sizeof(void *));
HOLDS(error_view_name, offsetof(casewire_error_view, name) == 8 + sizeof(void *));
HOLDS(error_view_ends, sizeof(casewire_error_view) == 8 + 7 * sizeof(void *));
HOLDS(host_begins_with_size, offsetof(casewire_host, struct_size) == 0);
HOLDS(host_user_data, offsetof(casewire_host, user_data) == sizeof(void *));
HOLDS(host_now_ms, offsetof(casewire_host, now_ms) == 2 * sizeof(void *));
HOLDS(host_http, offsetof(casewire_host, http) == 3 * sizeof(void *));
HOLDS(host_store, offsetof(casewire_host, store) == 4 * sizeof(void *));
HOLDS(host_deliver, offsetof(casewire_host, deliver) == 5 * sizeof(void *));
HOLDS(host_fetch, offsetof(casewire_host, fetch) == 6 * sizeof(void *));
HOLDS(host_wait_until, offsetof(casewire_host, wait_until) == 7 * sizeof(void *));
HOLDS(host_finished, offsetof(casewire_host, finished) == 8 * sizeof(void *));
HOLDS(host_is_nine_words, sizeof(casewire_host) == 9 * sizeof(void *));

int main(void)
{
    casewire_text name = casewire_status_name(CASEWIRE_STATUS_STALE_EFFECT);
    CHECK(casewire_abi_version() == CASEWIRE_ABI_VERSION);
    CHECK(casewire_version().size >= 5);
    CHECK(name.size == 12 && memcmp(name.data, "stale_effect", 12) == 0);
    (void)CONFIGURATION;
    (void)NO_BODY;
    return report("layout");
}
