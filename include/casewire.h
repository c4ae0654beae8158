/*
 * casewire: cases of a security product become ConnectWise PSA tickets, and both stay in step.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */

#ifndef CASEWIRE_H
#define CASEWIRE_H

/* Generated from the ffi crate by `cargo xtask header`: change it there. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Tells the version of the C ABI: it changes when a program has to be compiled anew.
 */
uint32_t casewire_abi_version(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* CASEWIRE_H */
