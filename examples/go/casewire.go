// Package casewire connects a security product with ConnectWise PSA: its cases become tickets, exactly once, and both stay
// in step until both are closed. It stands on the C library, libcasewire, and on the standard library.
//
// A [Connector] works in goroutines of its own. What is unfinished when it is closed, or when the process ends, lies in the
// [Store]: the next connector over it goes on.
package casewire

/*
#cgo CFLAGS: -I${SRCDIR}/../../include
#cgo LDFLAGS: -lcasewire
#include "native.h"
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"unsafe"
)

func init() {
	if version := C.casewire_abi_version(); version != abiVersion {
		panic(fmt.Sprintf("casewire: this package is for version %d of the library's interface, and it has %d", abiVersion, version))
	}
}

// Version is the library's version.
func Version() string {
	return string(text(C.casewire_version()))
}

// ValidateConfiguration checks a configuration as far as that can be done without asking ConnectWise. It fails with every
// fault at once.
func ValidateConfiguration(configuration []byte) error {
	var failure *C.casewire_error
	return check(C.cw_config_validate(start(configuration), size(configuration), &failure), failure)
}

// ValidateCase checks a case. It fails with every fault at once.
func ValidateCase(document []byte) error {
	var failure *C.casewire_error
	return check(C.cw_case_validate(start(document), size(document), &failure), failure)
}

// Preset gives a starting configuration after a vendor's guide: netsurion, netwrix, arctic-wolf, fortisiem or heimdal.
func Preset(name string) (json.RawMessage, error) {
	var made *C.casewire_bytes
	var failure *C.casewire_error
	key := []byte(name)
	return taken(C.cw_config_preset(start(key), size(key), &made, &failure), made, failure)
}

// Preview says what a case would become, field by field, and asks ConnectWise nothing. The catalog is the outcome of the
// command read_catalog.
func Preview(configuration, catalog, document []byte) (json.RawMessage, error) {
	var made *C.casewire_bytes
	var failure *C.casewire_error
	status := C.cw_case_preview(start(configuration), size(configuration), start(catalog), size(catalog),
		start(document), size(document), &made, &failure)
	return taken(status, made, failure)
}

// SuggestMappings suggests companies for groups and device configurations for systems, each with its evidence. The request
// is {"groups": [...], "companies": [...], "systems": [...], "configurations": [...], "limit": 5}.
func SuggestMappings(request []byte) (json.RawMessage, error) {
	var made *C.casewire_bytes
	var failure *C.casewire_error
	return taken(C.cw_mapping_suggest(start(request), size(request), &made, &failure), made, failure)
}

// VerifyCallback tells whether the last segment of a path is the one that ConnectWise was told: where it fails, a receiver
// answers 404 before it reads a body. The callback itself is judged by the command take_callback.
func VerifyCallback(configuration, secret []byte, segment string) error {
	var failure *C.casewire_error
	asked := []byte(segment)
	return check(C.cw_callback_verify(start(configuration), size(configuration), start(secret), size(secret),
		start(asked), size(asked), &failure), failure)
}

// start lends the bytes of a slice to one call.
func start(bytes []byte) *C.uint8_t {
	if len(bytes) == 0 {
		return nil
	}
	return (*C.uint8_t)(&bytes[0])
}

func size(bytes []byte) C.size_t {
	return C.size_t(len(bytes))
}

// text copies what the library lends.
func text(lent C.casewire_text) []byte {
	return copied(lent.data, lent.size)
}

func copied(data *C.uint8_t, size C.size_t) []byte {
	if size == 0 {
		return nil
	}
	return append([]byte(nil), unsafe.Slice((*byte)(data), int(size))...)
}

func taken(status C.casewire_status, made *C.casewire_bytes, failure *C.casewire_error) (json.RawMessage, error) {
	if err := check(status, failure); err != nil {
		return nil, err
	}
	defer C.casewire_bytes_free(made)
	return text(C.casewire_bytes_text(made)), nil
}
