package io.keybearer.e2e.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What goes wrong with an answer. A fault that has no use for the store's own answer leaves the
 * store's state as it was: nobody is logged in, nothing is minted.
 */
public final class StoreFault {

  /** What is done instead of sending the answer; who asks for that answer has it carried out. */
  @FunctionalInterface
  private interface Effect {
    void apply(StoreWire wire, StoreCall call, Supplier<StoreAnswer> answer) throws IOException;
  }

  private static final int CHUNK = 8 * 1024;

  private final String name;
  private final boolean lasting;
  private final Effect effect;

  private StoreFault(String name, boolean lasting, Effect effect) {
    this.name = name;
    this.lasting = lasting;
    this.effect = effect;
  }

  /** The answer, that much later; clearing the fault does not hasten those that wait. */
  public static StoreFault latency(Duration latency) {
    return new StoreFault(
        "latency",
        false,
        (wire, call, answer) -> {
          StorePause.until(System.nanoTime() + latency.toNanos());
          wire.send(answer.get().bytes());
        });
  }

  /** Another answer; its length is added to the headers. */
  public static StoreFault status(int status, Map<String, String> headers, String body) {
    return status(status, headers, call -> body);
  }

  /** The same with a body that can quote the request. */
  public static StoreFault status(
      int status, Map<String, String> headers, Function<StoreCall, String> body) {
    Map<String, String> kept = Map.copyOf(headers);
    return new StoreFault(
        "status " + status,
        false,
        (wire, call, answer) -> wire.send(StoreAnswer.of(status, kept, body.apply(call)).bytes()));
  }

  /** No answer on a connection that stays open until the client leaves; a cleared one is reset. */
  public static StoreFault hang() {
    return new StoreFault("hang", true, (wire, call, answer) -> wire.awaitEnd());
  }

  /** Half of the body, and then as {@link #hang}. */
  public static StoreFault stall() {
    return new StoreFault(
        "stall",
        true,
        (wire, call, answer) -> {
          wire.send(half(answer.get()));
          wire.awaitEnd();
        });
  }

  /** A TCP reset instead of an answer. */
  public static StoreFault reset() {
    return new StoreFault("reset", false, (wire, call, answer) -> wire.reset());
  }

  /** A TCP reset behind half of the body. */
  public static StoreFault resetInBody() {
    return new StoreFault(
        "reset in the body",
        false,
        (wire, call, answer) -> {
          wire.send(half(answer.get()));
          wire.reset();
        });
  }

  /** Half of the body, then an orderly end: shorter than its head has said. */
  public static StoreFault truncated() {
    return new StoreFault(
        "truncated",
        false,
        (wire, call, answer) -> {
          wire.send(half(answer.get()));
          wire.close();
        });
  }

  /** An orderly end instead of an answer. */
  public static StoreFault close() {
    return new StoreFault("close", false, (wire, call, answer) -> wire.close());
  }

  /** The answer, head and all, a byte each time; where it is cleared the connection is reset. */
  public static StoreFault slow(Duration interval) {
    return new StoreFault(
        "slow",
        true,
        (wire, call, answer) -> {
          long due = System.nanoTime();
          for (byte next : answer.get().bytes()) {
            due += interval.toNanos();
            StorePause.until(due);
            wire.send(new byte[] {next});
          }
        });
  }

  /** A body that begins as a value does and never ends, as fast as the client reads it. */
  public static StoreFault endlessBody() {
    String start = "HTTP/1.1 200 Store\r\nContent-Type: application/json\r\n\r\n{\"value\":\"";
    return new StoreFault(
        "endless body", true, (wire, call, answer) -> sendForever(wire, start, "A".repeat(CHUNK)));
  }

  /** Headers without end, as fast as the client reads them. */
  public static StoreFault endlessHeaders() {
    String header = "X-More: " + "a".repeat(100) + "\r\n";
    return new StoreFault(
        "endless headers",
        true,
        (wire, call, answer) -> sendForever(wire, "HTTP/1.1 200 Store\r\n", header.repeat(50)));
  }

  /** Bytes that are no HTTP, and an orderly end. */
  public static StoreFault junk() {
    return new StoreFault(
        "junk",
        false,
        (wire, call, answer) -> {
          wire.send(ascii("\u0000\u0016\u0003 220 store.example ESMTP\r\n\r\n"));
          wire.close();
        });
  }

  /** Whether it lasts until the client leaves or the fault is cleared. */
  boolean isLasting() {
    return lasting;
  }

  void apply(StoreWire wire, StoreCall call, Supplier<StoreAnswer> answer) throws IOException {
    effect.apply(wire, call, answer);
  }

  @Override
  public String toString() {
    return name;
  }

  private static byte[] half(StoreAnswer answer) {
    int length = answer.bodyLength();
    if (length == 0) {
      // No half to send: a head, then, that promises a byte.
      return StoreAnswer.of(200, Map.of(), "").bytes(1);
    }
    byte[] whole = answer.bytes();
    return Arrays.copyOf(whole, whole.length - length + length / 2);
  }

  private static void sendForever(StoreWire wire, String start, String more) throws IOException {
    wire.send(ascii(start));
    byte[] chunk = ascii(more);
    while (wire.isOpen()) {
      wire.send(chunk);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
