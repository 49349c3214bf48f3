package io.keybearer.provider.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What goes wrong with an answer. One that has no use for the server's own answer leaves the
 * server's state as it was: nobody is logged in, nothing is issued or changed.
 *
 * @param <C> a call of the store
 */
public final class Fault<C> {

  /** What is done instead of sending the answer; who asks for that answer has it carried out. */
  @FunctionalInterface
  private interface Effect<C> {
    void apply(FakeWire wire, C call, Supplier<FakeAnswer> own) throws IOException;
  }

  private static final int CHUNK = 8 * 1024;

  private final String name;
  private final boolean works;
  private final int status;
  private final Effect<C> effect;

  private Fault(String name, boolean works, int status, Effect<C> effect) {
    this.name = name;
    this.works = works;
    this.status = status;
    this.effect = effect;
  }

  /** One that keeps the server from doing anything. */
  private static <C> Fault<C> instead(String name, int status, Effect<C> effect) {
    return new Fault<>(name, false, status, effect);
  }

  /** One that makes something else of what the server has done. */
  private static <C> Fault<C> behind(String name, Effect<C> effect) {
    return new Fault<>(name, true, 0, effect);
  }

  /** Another answer as a whole. */
  public static <C> Fault<C> answer(int status, String contentType, String body) {
    return answer("answer " + status, FakeAnswer.of(status, contentType, body));
  }

  /** The same under a name that tells more. */
  public static <C> Fault<C> answer(String name, FakeAnswer answer) {
    return answer(name, answer.status(), call -> answer);
  }

  /**
   * Another answer, in the words that the call needs.
   *
   * @param status as far as it is the same for every call
   */
  public static <C> Fault<C> answer(String name, int status, Function<C, FakeAnswer> answer) {
    return instead(name, status, (wire, call, own) -> wire.send(answer.apply(call).wire()));
  }

  /** A page as a proxy has it. */
  public static <C> Fault<C> html(int status) {
    return answer(
        status, "text/html", "<html><body><h1>" + status + " from a proxy</h1></body></html>\n");
  }

  /** The answer, with something else in it. */
  public static <C> Fault<C> edited(String name, UnaryOperator<FakeAnswer> edit) {
    return behind(name, (wire, call, own) -> wire.send(edit.apply(own.get()).wire()));
  }

  /** The answer, called something else. */
  public static <C> Fault<C> contentType(String type) {
    return edited("content type", own -> own.with("Content-Type", type));
  }

  /** The answer, that much later. */
  public static <C> Fault<C> delay(Duration time) {
    return behind(
        "delay",
        (wire, call, own) -> {
          pause(time);
          wire.send(own.get().wire());
        });
  }

  /** The answer, as soon as a test lets it go. */
  public static <C> Fault<C> held(Hold hold) {
    return behind(
        "held",
        (wire, call, own) -> {
          if (hold.pass()) {
            wire.send(own.get().wire());
          }
        });
  }

  /** Nothing at all until the client leaves. */
  public static <C> Fault<C> hang() {
    return instead("hang", 0, (wire, call, own) -> wire.awaitEnd());
  }

  /** Everything is done, but the connection ends before a byte of the answer. */
  public static <C> Fault<C> closeAfterWork() {
    return behind(
        "close after work",
        (wire, call, own) -> {
          FakeAnswer unsent = own.get();
          if (unsent.status() > 0) {
            wire.close();
          }
        });
  }

  /** The connection ends before the answer; nothing was done. */
  public static <C> Fault<C> close() {
    return instead("close", 0, (wire, call, own) -> wire.close());
  }

  /** A TCP reset before the answer; nothing was done. */
  public static <C> Fault<C> reset() {
    return instead("reset", 0, (wire, call, own) -> wire.reset());
  }

  /** Half of the body, and then the orderly end. */
  public static <C> Fault<C> half() {
    return behind(
        "half",
        (wire, call, own) -> {
          wire.send(own.get().half());
          wire.close();
        });
  }

  /** Half of the body, and then nothing until the client leaves. */
  public static <C> Fault<C> stall() {
    return behind(
        "stall",
        (wire, call, own) -> {
          wire.send(own.get().half());
          wire.awaitEnd();
        });
  }

  /** The answer, a byte each time. */
  public static <C> Fault<C> slow(Duration eachByte) {
    return behind(
        "slow",
        (wire, call, own) -> {
          for (byte next : own.get().wire()) {
            pause(eachByte);
            wire.send(new byte[] {next});
          }
        });
  }

  /**
   * A body that never ends, as fast as the client reads it.
   *
   * @param start how it begins: such that letters may follow, as in a string of JSON
   */
  public static <C> Fault<C> endless(FakeAnswer start) {
    return instead(
        "endless",
        start.status(),
        (wire, call, own) -> {
          wire.send(start.endless());
          byte[] more = "A".repeat(CHUNK).getBytes(StandardCharsets.US_ASCII);
          while (wire.isOpen()) {
            wire.send(more);
          }
        });
  }

  /** Whether the server does its work all the same. */
  public boolean works() {
    return works;
  }

  /** Of the answer that it sends instead; 0 for none. */
  public int status() {
    return status;
  }

  /**
   * Meets a call.
   *
   * @param own carries it out, and is the answer to it
   */
  public void apply(FakeWire wire, C call, Supplier<FakeAnswer> own) throws IOException {
    effect.apply(wire, call, own);
  }

  static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        return;
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
