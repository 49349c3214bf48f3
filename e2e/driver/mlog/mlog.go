// Package mlog stands in for the driver's logging module, which no module proxy serves: what the
// driver calls of it, on klog's own output.
package mlog

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"
)

// Format is how lines are written; they are klog's text whatever is asked for.
type Format string

// The formats that the driver names.
const (
	FormatText Format = "text"
	FormatJSON Format = "json"
)

// Setup returns what is to be done at the end.
func Setup() func() { return func() {} }

// ValidateAndSetKlogLevelAndFormatGlobally sets klog's verbosity.
func ValidateAndSetKlogLevelAndFormatGlobally[L ~int | ~int32](_ context.Context, level L, _ Format) error {
	return flag.Set("v", strconv.Itoa(int(level)))
}

// Error tells of an error.
func Error(message string, err error, _ ...any) { fmt.Fprintln(os.Stderr, message+":", err) }

// Fatal tells of an error and ends the process.
func Fatal(err error, _ ...any) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
