/* The first program that someone writes against a release folder: does the library that is loaded do its work? */
#include <casewire.h>
#include <stdio.h>

static void print(const char *what, casewire_text text)
{
    printf("%s: %.*s\n", what, (int)text.size, text.data);
}

int main(void)
{
    casewire_error *error = NULL;
    print("casewire", casewire_version());
    if (casewire_abi_version() != CASEWIRE_ABI_VERSION) {
        fputs("the header is of another version than the library\n", stderr);
        return 1;
    }
    casewire_text sound = casewire_text_from_string(
        "{\"id\": \"10012\", \"title\": \"Audit log cleared\", \"severity\": \"high\", \"group\": {\"id\": \"48Tech\"},"
        " \"created_at\": \"2019-02-11T01:07:14Z\", \"updated_at\": \"2019-02-11T01:09:53Z\"}");
    if (casewire_case_validate(sound, NULL) != CASEWIRE_STATUS_OK) {
        fputs("a sound case was refused\n", stderr);
        return 1;
    }
    casewire_status status = casewire_case_validate(casewire_text_from_string("{\"titel\": 1}"), &error);
    if (status == CASEWIRE_STATUS_OK || error == NULL) {
        fputs("a bad case was not refused\n", stderr);
        return 1;
    }
    print("refused, as it has to be", casewire_error_message(error));
    casewire_error_free(error);
    return 0;
}
