package casewire

// #include <stdint.h>
import "C"

import (
	"runtime/cgo"
	"unsafe"
)

// Level says how much a line of the log matters.
type Level uint32

// The levels, from the most important one on.
const (
	// LevelError is what ends the connector.
	LevelError Level = logError
	// LevelWarning is what failed: an operation, or an effect, which may be tried again.
	LevelWarning Level = logWarning
	// LevelInfo is about operations and deliveries.
	LevelInfo Level = logInfo
	// LevelDebug is about requests and other effects.
	LevelDebug Level = logDebug
)

// String names the level.
func (l Level) String() string {
	switch l {
	case LevelError:
		return "error"
	case LevelWarning:
		return "warning"
	case LevelInfo:
		return "info"
	default:
		return "debug"
	}
}

//export casewireLog
func casewireLog(handle C.uintptr_t, level C.uint32_t, message unsafe.Pointer, size C.size_t) {
	log := cgo.Handle(handle).Value().(func(Level, string))
	log(Level(level), string(unsafe.Slice((*byte)(message), int(size))))
}
