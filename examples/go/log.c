#include "native.h"

#include "_cgo_export.h"

void cw_log(void *user_data, uint32_t level, casewire_text message)
{
    casewireLog((uintptr_t)user_data, level, (void *)message.data, message.size);
}
