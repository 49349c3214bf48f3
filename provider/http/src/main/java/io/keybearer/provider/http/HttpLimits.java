package io.keybearer.provider.http;

/**
 * What an answer may be. Time is bounded by each call's deadline, and connecting by three seconds
 * of it.
 *
 * @param mostHeadBytes status line and headers together
 * @param mostBodyBytes the body
 */
public record HttpLimits(int mostHeadBytes, int mostBodyBytes) {

  /** 64 KiB of head, 4 MiB of body. */
  public static HttpLimits usual() {
    return new HttpLimits(64 * 1024, 4 * 1024 * 1024);
  }
}
