/** The process: its commands, sockets, gRPC adapter, health and logs. Everything is wired here. */
@NullMarked
package io.keybearer.daemonset;

import org.jspecify.annotations.NullMarked;
